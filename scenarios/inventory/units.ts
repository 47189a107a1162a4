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

/**
 * Each unit with whether it is enabled, by its file, and whether it is active where the boot alone decides that. One that is
 * inactive is as if it were not loaded: the manager unloads it when it likes.
 */
export function unitFacts(lines: readonly string[]): Map<string, string> {
  const enabled = new Map<string, string>();
  for (const line of lines) {
    const [word, name = '', state = ''] = line.split(/\s+/);
    if (word === 'file' && !/\.(scope|slice|device|mount)$/.test(name)) enabled.set(name, state);
  }
  const facts = new Map(enabled);
  for (const unit of unitsOf(lines.filter((line) => !line.startsWith('file ')))) {
    const { Id = '', ActiveState = 'inactive' } = unit;
    if (Id === '' || ActiveState === 'inactive' || isOfOneUse(Id)) continue;
    const file = enabled.get(Id);
    // What a target wants is started at boot, bus name or not.
    if (isByNeed(unit) && file !== 'enabled') continue;
    facts.set(Id, file === undefined ? ActiveState : `${file}, ${ActiveState}`);
  }
  return facts;
}

export const failedUnits = (lines: readonly string[]): Map<string, string> =>
  new Map(
    unitsOf(lines).flatMap(({ Id = '', ActiveState, Result = '' }) =>
      ActiveState === 'failed' ? [[Id, Result] as const] : [],
    ),
  );
