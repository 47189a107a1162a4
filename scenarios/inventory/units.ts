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
function isOfOneUse(name: string): boolean {
  if (/^session-|^user(-runtime-dir)?@/.test(name)) return true;
  // Step by step: one expression for all of it takes the square of a hostile name's length.
  const instance = name.includes('@') ? name.slice(name.indexOf('@') + 1) : '';
  const number = instance.search(/\d[-:.]/);
  return number !== -1 && /\d/.test(instance.slice(number + 2));
}

/** Types whose units' states say something of the system; devices, mounts and scopes are told elsewhere, or come and go. */
const isTold = (name: string): boolean => /\.(service|socket|timer|target|path|automount|swap)$/.test(name);

/** The states of all units that are loaded, by systemd's list of them: name, whether its file was read, state. */
function statesOf(lines: readonly string[]): [name: string, state: string][] {
  return lines.flatMap((line): [string, string][] => {
    const [word, name = '', , state = 'inactive'] = line.split(/\s+/);
    return word === 'unit' ? [[name, state]] : [];
  });
}

const isOfList = (line: string): boolean => line.startsWith('file ') || line.startsWith('unit ');

const propertiesOf = (lines: readonly string[]): Map<string, Properties> =>
  new Map(unitsOf(lines.filter((line) => !isOfList(line))).map((unit) => [unit['Id'] ?? '', unit]));

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
  const properties = propertiesOf(lines);
  for (const [name, state] of statesOf(lines)) {
    if (!isTold(name) || state === 'inactive' || isOfOneUse(name)) continue;
    const file = enabled.get(name);
    // What a target wants is started at boot, bus name or not.
    if (isByNeed(properties.get(name) ?? {}) && file !== 'enabled') continue;
    facts.set(name, file === undefined ? state : `${file}, ${state}`);
  }
  return facts;
}

export function failedUnits(lines: readonly string[]): Map<string, string> {
  const properties = propertiesOf(lines);
  const failed = statesOf(lines).filter(([, state]) => state === 'failed');
  return new Map(failed.map(([name]) => [name, properties.get(name)?.['Result'] ?? '']));
}
