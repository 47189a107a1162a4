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

/** What the files say of a unit: who wants it, whether it is masked or another one's name; of most there is only the file. */
class UnitFile {
  readonly wantedBy = new Set<string>();
  isThere = false;
  isMasked = false;
  aliasOf: string | null = null;

  toString(): string {
    if (this.isMasked) return 'masked';
    if (this.aliasOf !== null) return `is ${this.aliasOf}`;
    return this.wantedBy.size === 0 ? 'not wanted' : `wanted by ${[...this.wantedBy].toSorted().join(' ')}`;
  }
}

/** The units' files; what stands first among systemd's directories counts, and it may be a link to /dev/null: masked. */
function filesOf(lines: readonly string[]): Map<string, UnitFile> {
  const files = new Map<string, UnitFile>();
  for (const line of lines) {
    if (!line.startsWith('file ')) continue;
    const [, path = '', target = ''] = line.split(' ');
    const [name = '', directory = ''] = path.split('/').toReversed();
    if (!isTold(name)) continue;
    const file = files.get(name) ?? new UnitFile();
    files.set(name, file);
    const wanter = /^(.+)\.(?:wants|requires)$/.exec(directory)?.[1];
    if (wanter !== undefined) file.wantedBy.add(wanter);
    else if (!file.isThere) {
      file.isThere = true;
      file.isMasked = target === '/dev/null';
      const leadsTo = target.split('/').at(-1) ?? '';
      file.aliasOf = target === '' || file.isMasked || leadsTo === name ? null : leadsTo;
    }
  }
  return files;
}

/**
 * Each unit with what wants it, by its files, and whether it is active where the boot alone decides that. One that is
 * inactive is as if it were not loaded: the manager unloads it when it likes.
 */
export function unitFacts(lines: readonly string[]): Map<string, string> {
  const files = filesOf(lines);
  const facts = new Map([...files].map(([name, file]) => [name, String(file)] as const));
  const properties = propertiesOf(lines);
  for (const [name, state] of statesOf(lines)) {
    if (!isTold(name) || state === 'inactive' || isOfOneUse(name)) continue;
    const file = files.get(name);
    // What a target wants is started at boot, bus name or not.
    if (isByNeed(properties.get(name) ?? {}) && (file?.wantedBy.size ?? 0) === 0) continue;
    facts.set(name, file === undefined ? state : `${file}, ${state}`);
  }
  return facts;
}

export function failedUnits(lines: readonly string[]): Map<string, string> {
  const properties = propertiesOf(lines);
  const failed = statesOf(lines).filter(([, state]) => state === 'failed');
  return new Map(failed.map(([name]) => [name, properties.get(name)?.['Result'] ?? '']));
}
