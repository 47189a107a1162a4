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

/** A store path's name and version: the version begins with the first part that begins with a digit (builtins.parseDrvName). */
const packages: Read = (lines) => {
  const pairs = lines.flatMap((line): (readonly [string, string])[] => {
    const [, path] = /^nix \S*\/[a-z0-9]{32}-(\S+)/.exec(line) ?? [];
    if (path !== undefined) {
      const [, name = path, version = ''] = /^(.+?)-(\d.*)$/.exec(path) ?? [];
      return [[name, version]];
    }
    const [, name, version = '', status] = /^dpkg (\S+) (\S*) (\S+)/.exec(line) ?? [];
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

/** sha256sum(1) writes `\` before the digest where it had to escape the name. */
const etc: Read = (lines) =>
  new Map(
    lines.flatMap((line) => {
      const [, target, link] = /^link (\S+) (.+)$/.exec(line) ?? [];
      if (link !== undefined) return [[link, `→ ${target}`] as const];
      const [, digest = '', file] = /^\\?([0-9a-f]{16}) [ *](.+)$/.exec(line) ?? [];
      return file === undefined ? [] : [[file, digest] as const];
    }),
  );

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

const sizes: Read = (lines) =>
  new Map(
    lines.flatMap((line): (readonly [string, string])[] => {
      const [word, first = '', second = '', third = ''] = line.split(/\s+/);
      if (word === 'root' && /^\d+$/.test(third)) return [['root used', third]];
      if (word === 'packages' && /^\d+$/.test(first)) return [['packages', first]];
      if (word === 'closure' && /^\d+$/.test(second))
        return [['closure', String(Math.round(Number(second) / 1024))]];
      return [];
    }),
  );

/** Microseconds since the kernel began; the end of one stage is where the next begins (systemd-analyze(1)). */
const boot: Read = (lines) => {
  const at = (name: string): number => Number(assignments(lines).get(`${name}TimestampMonotonic`) ?? 0) / 1e6;
  const [initrd, userspace, finished] = [at('InitRD'), at('Userspace'), at('Finish')];
  const stages: [string, number][] = [
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
  modules: (lines) => new Map(lines.map((line) => [line.trim(), 'loaded'])),
  settings,
  etc,
  setuid,
  sizes,
  boot,
};
