/** Parts that a contract may have beside the first five: what it does not name is not promised, and is no check. */
import { z } from 'zod';

/** A user name as useradd takes it: it is put into scripts and command lines. */
export const userName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, 'expected a user name');
const unit = z
  .string()
  .regex(
    /^[\w:@.\\-]+\.(service|socket|target|timer|mount|path|automount|swap|slice|device)$/,
    'expected the name of a unit',
  );
const path = z.string().regex(/^\/[^\0\n]*$/, 'expected an absolute path');
const word = z.string().regex(/^[^\s\0]+$/, 'expected a word');
const line = z.string().regex(/^[^\0\n]*$/, 'expected one line');
const port = z.int().min(1).max(65_535);

const isPattern = (text: string): boolean => {
  try {
    return new RegExp(text, 'm').multiline;
  } catch {
    return false;
  }
};
const pattern = z.string().min(1).refine(isPattern, 'expected a regular expression');

/** One that promises nothing would pass whatever the image is. */
const promising = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject(shape)
    .refine((part) => Object.keys(part).length > 0, 'expected at least one promise')
    .nullable()
    .exactOptional();

const filled = <Key extends z.ZodType<string>, Value extends z.ZodType>(key: Key, value: Value) =>
  z
    .record(key, value)
    .refine((part) => Object.keys(part).length > 0, 'expected at least one promise')
    .nullable()
    .exactOptional();

export const parts = {
  /** The system as a whole. */
  system: promising({
    hostname: word.exactOptional(),
    /** Fields of os-release(5), e.g. `{ ID: 'nixos' }`. */
    osRelease: z.record(z.string().regex(/^[A-Z_]+$/), line).exactOptional(),
    /** The target that the boot reaches, e.g. `multi-user.target`. */
    target: unit.exactOptional(),
    /** The units that may have failed once the boot is over; `[]`: none. */
    mayFail: z.array(unit).exactOptional(),
  }),
  /** Units by what systemd says of them; `absent` is one that is not there, or masked. */
  units: filled(unit, z.enum(['active', 'inactive', 'absent'])),
  /** Commands that are on root's PATH; the text is the arguments with which each ends with 0, null: it need only be there. */
  commands: filled(z.string().regex(/^[\w.+-]+$/, 'expected the name of a command'), line.nullable()),
  /** Accounts; null: there is none of that name. */
  users: filled(
    userName,
    z
      .strictObject({
        uid: z.int().min(0).exactOptional(),
        /** In /etc/shadow: `hash` (even one of the empty password), `none` (login asks for none), `locked`. */
        password: z.enum(['hash', 'none', 'locked']).exactOptional(),
        groups: z.array(word).exactOptional(),
        shell: path.exactOptional(),
        /** How they become root without a password; null: in none of these ways. */
        becomesRoot: z.enum(['sudo', 'doas', 'run0']).nullable().exactOptional(),
      })
      .nullable(),
  ),
  /** The network as the guest sees it: a card whose network has DHCP and leads nowhere. */
  network: promising({
    /** The unit that manages it, e.g. `NetworkManager.service`. */
    manager: unit.exactOptional(),
    /** It has an IPv4 address that others can reach. */
    address: z.boolean().exactOptional(),
    /** It has a default route. */
    route: z.boolean().exactOptional(),
    /** Names that resolve though nothing outside answers, e.g. `localhost`. */
    resolves: z.array(word).min(1).exactOptional(),
    /** Units that are off. */
    off: z.array(unit).min(1).exactOptional(),
  }),
  /** The only ports on which anything listens that others can reach; loopback is not looked at. */
  listening: z
    .strictObject({ tcp: z.array(port).default([]), udp: z.array(port).default([]) })
    .nullable()
    .exactOptional(),
  /** Files by their paths; null: there is none. */
  files: filled(
    path,
    z
      .strictObject({
        type: z.enum(['file', 'directory', 'link']).exactOptional(),
        /** Permissions in octal, e.g. `600`; of what a link leads to. */
        mode: z
          .string()
          .regex(/^[0-7]{3,4}$/, 'expected permissions in octal such as 644')
          .exactOptional(),
        owner: userName.exactOptional(),
        /** All that is in it, but for blanks at its end. */
        content: z.string().exactOptional(),
        /** A regular expression that matches some of it, with `m` (`^` and `$` are a line's). */
        matches: pattern.exactOptional(),
        /** Not even root can write to it. */
        readOnly: z.literal(true).exactOptional(),
      })
      .nullable(),
  ),
  /** Nix. */
  nix: promising({
    implementation: z.enum(['nix', 'lix']).exactOptional(),
    /** Settings as `nix config show` tells them; the words of a list in any order. */
    settings: z.record(z.string().regex(/^[a-z0-9-]+$/), line).exactOptional(),
    /** Names of root's channels; `[]`: none. */
    channels: z.array(word).exactOptional(),
    /** Names that the registry of the system has, e.g. `nixpkgs`. */
    registry: z.array(word).min(1).exactOptional(),
  }),
  /** The kernel. */
  kernel: promising({
    /** Words of its command line. */
    commandLine: z.array(word).min(1).exactOptional(),
    /** Modules that can be loaded, or are built in. */
    modules: z
      .array(z.string().regex(/^[\w-]+$/, 'expected the name of a module'))
      .min(1)
      .exactOptional(),
  }),
  /** What a person reads at the virtual screen. */
  console: promising({
    /** A font that kmscon is told to use, e.g. `JetBrains Mono`. */
    kmsconFont: line.exactOptional(),
    /** A regular expression that matches some of what a login says first (motd(5)), with `m`. */
    motd: pattern.exactOptional(),
  }),
  /** What the system takes, at most, in MiB. */
  size: promising({
    /** In use on the file system of this path. */
    used: z.record(path, z.number().positive()).exactOptional(),
    /** The closure of the running system in the Nix store. */
    closure: z.number().positive().exactOptional(),
  }),
};
