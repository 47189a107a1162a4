/** What the lines of each part mean: pure, from lines to names with values. */
import type { PartName } from '../../harness/inventory.ts';
import { listeningSockets } from './sockets.ts';
import { failedUnits, unitFacts } from './units.ts';

type Read = (lines: readonly string[]) => Map<string, string>;

/** `name=value`, as os-release(5) and the like write it. */
const assignments: Read = (lines) =>
  new Map(
    lines.flatMap((line) => {
      const [, name, value = ''] = /^([^=#]+)=(.*)$/.exec(line.trim()) ?? [];
      return name === undefined ? [] : [[name.trim(), unquote(value.trim())] as const];
    }),
  );

const unquote = (value: string): string => /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;

/** Several values of one name, in the order given. */
function gather(pairs: Iterable<readonly [string, string]>, between = ' '): Map<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before}${between}${value}`);
  }
  return all;
}

const commandLine: Read = (lines) =>
  gather(
    lines
      .join(' ')
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(
        (word) =>
          [
            word.split('=', 1)[0] ?? word,
            word.includes('=') ? word.slice(word.indexOf('=') + 1) : 'set',
          ] as const,
      ),
  );

/** A line of the closure: the name of the store path, and its size in bytes where it could be had. */
const storePath = /^nix \S*\/[a-z0-9]{32}-(\S+)(?:\s+(\d+))?/;
/** A line of dpkg's: package, version, status, KiB. */
const dpkgLine = /^dpkg (\S+) (\S*) (\S+)(?: (\d+))?/;

/** A store path's name and version: the version begins with the first part that begins with a digit (builtins.parseDrvName). */
const packages: Read = (lines) => {
  const pairs = lines.flatMap((line): (readonly [string, string])[] => {
    const [, path] = storePath.exec(line) ?? [];
    if (path !== undefined) {
      const [, name = path, version = ''] = /^(.+?)-(\d.*)$/.exec(path) ?? [];
      return [[name, version]];
    }
    const [, name, version = '', status] = dpkgLine.exec(line) ?? [];
    if (name === undefined) return [];
    return [[name, status === 'installed' ? version : `${version} (${status})`]];
  });
  const sorted = pairs.toSorted(([a, v], [b, w]) => (a === b ? (v < w ? -1 : 1) : a < b ? -1 : 1));
  return gather(new Map(sorted.map((pair) => [pair.join(' '), pair])).values());
};

const users: Read = (lines) => {
  const passwords = new Map(
    lines.flatMap((line) => {
      const [word, user = '', state = ''] = line.split(' ');
      return word === 'password' ? [[user, state] as const] : [];
    }),
  );
  return new Map(
    lines.flatMap((line) => {
      if (!line.startsWith('user ')) return [];
      const [name = '', , uid, gid, , home, shell] = line.slice('user '.length).split(':');
      return [
        [name, `${uid}:${gid} ${home} ${shell}, password ${passwords.get(name) ?? 'unknown'}`] as const,
      ];
    }),
  );
};

const groups: Read = (lines) =>
  new Map(
    lines.map((line) => {
      const [name = '', , gid = '', members = ''] = line.split(':');
      return [name, [gid, ...members.split(',').filter(Boolean).toSorted()].join(' ')] as const;
    }),
  );

/** Keywords never had a case, see `parseSettings` of the check of sshd. */
const sshd: Read = (lines) =>
  gather(
    lines.map((line) => {
      const [word = '', ...words] = line.trim().split(' ');
      return [word.toLowerCase(), words.join(' ')] as const;
    }),
    '; ',
  );

/** Sizes of a tmpfs follow the machine's memory, and the numbers of its inodes. */
const ofThisMachine = /^(size|nr_inodes|mode|lowerdir|upperdir|workdir|fd|pgrp|pipe_ino|uuid)=/;

const mounts: Read = (lines) =>
  new Map(
    lines.map((line) => {
      const [, target = '', type = '', options = ''] = line.split(' ');
      const kept = options.split(',').filter((option) => !ofThisMachine.test(option));
      return [target, `${type} ${kept.join(',')}`] as const;
    }),
  );

const settings: Read = (lines) =>
  new Map(
    [...assignments(lines)].map(([name, value]) => [name, value.replace(/^.*\/zoneinfo\//, '')] as const),
  );

/**
 * `link` and `to` are lines of one link; those that are told by their whole way come as `at`, and their ends, in the same
 * order. sha256sum(1) writes `\` before the digest where it had to escape the name.
 */
const etc: Read = (lines) => {
  const values = (word: string): string[] =>
    lines.flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const [links, targets, ways] = [values('link'), values('to'), values('at')];
  const ends = lines.filter((line) => line.startsWith('/'));
  const leads = (from: readonly string[], to: readonly string[]) =>
    from.map((link, index) => [link, `→ ${to[index] ?? '?'}`] as const);
  const files = lines.flatMap((line) => {
    const [, digest = '', file] = /^\\?([0-9a-f]{16}) [ *](.+)$/.exec(line) ?? [];
    return file === undefined ? [] : [[file, digest] as const];
  });
  return new Map([...leads(links, targets), ...leads(ways, ends), ...files]);
};

/** NixOS makes its wrappers in a directory of another name with each boot, which /run/wrappers/bin leads to. */
const setuid: Read = (lines) =>
  new Map(
    lines.flatMap((line) => {
      const [, mode, user, group, file] = /^(\d+) (\S+) (\S+) (.+)$/.exec(line) ?? [];
      if (file === undefined) return [];
      return [
        [
          file.replace(/^\/run\/wrappers\/wrappers\.\w+\//, '/run/wrappers/bin/'),
          `${mode} ${user}:${group}`,
        ] as const,
      ];
    }),
  );

/** The lines of its own part, and those of the packages. */
const sizes: Read = (lines) => {
  const sizesOf = (expression: RegExp, group: number): number[] =>
    lines.flatMap((line) => Number(expression.exec(line)?.[group] ?? 0) || []);
  const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
  const told: [string, number][] = [
    ['root used', sum(sizesOf(/^root \S+\s+\d+\s+(\d+)/, 1))],
    ['closure', Math.round(sum(sizesOf(storePath, 2)) / 1024)],
    ['packages', sum(sizesOf(dpkgLine, 4))],
  ];
  return new Map(told.flatMap(([name, value]) => (value > 0 ? [[name, String(value)] as const] : [])));
};

/**
 * Microseconds since the kernel began; the end of one stage is where the next begins, and firmware and loader count
 * backwards from there (systemd-analyze(1), src/analyze/analyze-time-data.c).
 */
const boot: Read = (lines) => {
  const told = assignments(lines);
  const at = (name: string): number => Number(told.get(`${name}TimestampMonotonic`) ?? 0) / 1e6;
  const [initrd, userspace, finished] = [at('InitRD'), at('Userspace'), at('Finish')];
  const [firmware, loader] = [at('Firmware'), at('Loader')];
  const stages: [string, number][] = [
    ['systemd firmware', firmware === 0 ? 0 : firmware - loader],
    ['systemd loader', loader],
    ['systemd kernel', initrd || userspace],
    ['systemd initrd', initrd === 0 ? 0 : userspace - initrd],
    ['systemd userspace', finished === 0 ? 0 : finished - userspace],
  ];
  return new Map(stages.flatMap(([name, value]) => (value > 0 ? [[name, value.toFixed(3)] as const] : [])));
};

export const readFacts: Record<PartName, Read> = {
  os: assignments,
  kernel: assignments,
  commandLine,
  store: assignments,
  packages,
  units: unitFacts,
  failed: failedUnits,
  users,
  groups,
  sockets: listeningSockets,
  sshd,
  nix: assignments,
  mounts,
  modules: (lines) => new Map(lines.map((line) => [line.trim().split(' ', 1)[0] ?? line, 'loaded'])),
  settings,
  etc,
  setuid,
  sizes,
  boot,
};
