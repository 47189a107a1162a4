type Properties = Record<string, string>;

/** What `systemctl show` prints: a block of properties a unit, `--` standing for the empty lines between. */
function unitsOf(lines: readonly string[]): Properties[] {
  const units: Properties[] = [{}];
  for (const line of lines) {
    const [, name, value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    const unit = units.at(-1);
    if (line === '--') units.push({});
    else if (name !== undefined && unit !== undefined) unit[name] = value;
  }
  return units;
}

/** Whatever is started by need, and stops by itself, is active or not by chance: by a bus, a socket, a timer, a path. */
const isByNeed = ({ BusName = '', TriggeredBy = '' }: Properties): boolean =>
  BusName !== '' || TriggeredBy !== '';

/** Made for one connection, login or device; `sshd@0-10.0.2.15:22-10.0.2.2:40312.service`, `session-1.scope`. */
const isOfOneUse = (name: string): boolean => /@.*\d[-:.].*\d|^session-|^user(-runtime-dir)?@/.test(name);

/** Each unit with whether it is enabled, by its file, and whether it is active, which the boot decides alone. */
export function unitFacts(lines: readonly string[]): Map<string, string> {
  const enabled = new Map<string, string>();
  for (const line of lines) {
    const [word, name = '', state = ''] = line.split(/\s+/);
    if (word === 'file') enabled.set(name, state);
  }
  const facts = new Map([...enabled].filter(([name]) => !/\.(scope|slice|device|mount)$/.test(name)));
  for (const unit of unitsOf(lines.filter((line) => !line.startsWith('file ')))) {
    const { Id = '', LoadState, ActiveState } = unit;
    if (Id === '' || isOfOneUse(Id) || LoadState === 'not-found') continue;
    const state = [enabled.get(Id), isByNeed(unit) ? undefined : ActiveState];
    facts.set(Id, state.filter((one) => one !== undefined).join(', ') || 'by need');
  }
  return facts;
}

export const failedUnits = (lines: readonly string[]): Map<string, string> =>
  new Map(
    unitsOf(lines).flatMap(({ Id = '', ActiveState, Result = '' }) =>
      ActiveState === 'failed' ? [[Id, Result] as const] : [],
    ),
  );
