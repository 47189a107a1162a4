import { z } from 'zod';
import { knownLayouts } from '../../harness/console/keys/layouts.ts';
import { type Kind, kinds, levels } from '../../harness/difference.ts';
import { type PartName, partNames } from '../../harness/inventory.ts';
import type { Layout } from '../../harness/console/keys/keyboard.ts';
import { parts, userName as user } from './parts.ts';

/** A line of authorized_keys without options, or the bare type for any key of that type. */
const authorizedKey = z
  .string()
  .regex(
    /^(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+( [A-Za-z0-9+/]+=*( .*)?)?$/,
    'expected a line of authorized_keys or a key type',
  );

/** As setxkbmap and xkeyboard-config write it: `ch`, `ch(fr)`. */
export const layoutName = ({ layout, variant }: Layout): string =>
  variant === '' ? layout : `${layout}(${variant})`;

const isKnown = (layout: Layout): boolean => knownLayouts.map(layoutName).includes(layoutName(layout));
const onlyKnown = `expected one of ${knownLayouts.map(layoutName).join(', ')}`;
const layout = { layout: z.string(), variant: z.string() };

const power = z
  .strictObject({
    /** It powers off when the power button is pressed (ACPI). */
    off: z.boolean(),
    /** It reboots by its own command and comes back, by label or format; `default` for the others (absent: no). Costs a boot. */
    reboot: z.record(z.string(), z.boolean()),
  })
  .nullable();

const promises = {
  autologin: z.strictObject({
    /** Who is logged in on the virtual screen (tty1), without a password; null: nobody. */
    screen: user.nullable(),
    /** Who is logged in on the serial console, by label or format; `default` for the others (absent: nobody); null: nobody. */
    serial: z.record(z.string(), user.nullable()),
  }),
  /** How to log in by hand on serial where no one is logged in automatically; null: not promised. */
  login: z.strictObject({ user, password: z.string() }).nullable(),
  sshd: z
    .strictObject({
      user,
      /**
       * One line of authorized_keys that must be in place; a bare type (`ssh-ed25519`) stands for any key of that type.
       * Absent: no key is promised, and none is tried.
       */
      authorizedKey: authorizedKey.exactOptional(),
      /** Path of the private half, if the harness has it; in a file, relative to that file. */
      privateKey: z.string().min(1).exactOptional(),
      permitRootLogin: z.enum(['yes', 'prohibit-password', 'no']),
    })
    .refine(
      (sshd) => sshd.privateKey === undefined || sshd.authorizedKey !== undefined,
      'expected an authorizedKey beside the privateKey',
    )
    .nullable(),
  flakes: z.strictObject({ experimentalFeatures: z.array(z.string().min(1)).min(1) }).nullable(),
  /** XKB layout and variant on the virtual screen. */
  keyboard: z
    .strictObject({
      ...layout,
      /** That of the kernel's own terminals, the plain VTs; not promised where it is not named. */
      vt: z.strictObject(layout).refine(isKnown, onlyKnown).exactOptional(),
    })
    .refine(isKnown, onlyKnown)
    .nullable(),
  /** What its boot menu may do; absent: it boots its default entry by itself. */
  bootMenu: z
    .strictObject({
      /** It waits for a person, by label or format; `default` for the others (absent: no). Enter is pressed there then. */
      waits: z.record(z.string(), z.boolean()),
    })
    .exactOptional(),
  ...parts,
};

/** What one family of images promises: plain data, so that a contract can also be a JSON file. */
export const contractSchema = z.strictObject({
  name: z.string().min(1),
  ...promises,
  /** How the machine goes down; null, as where it is not named: not promised. */
  power: power.default(null),
  /** What some formats promise otherwise, by label or format: each part that is named there stands in place of the one above. */
  formats: z.record(z.string().min(1), z.strictObject({ ...promises, power }).partial()).exactOptional(),
  /** What cells of different formats may differ in, beside what their platforms bring; a reason to each. */
  mayDiffer: z
    .array(
      z.strictObject({
        part: z.enum(partNames as [PartName, ...PartName[]]),
        /** A name of that part, in which `*` stands for any text. */
        name: z.string().min(1),
        /** The formats that may; absent: all. */
        formats: z.array(z.string().min(1)).min(1).exactOptional(),
        why: z.string().min(1),
      }),
    )
    .exactOptional(),
  /** How much a difference counts, by what differs: `fail`, `warn` or `ignore`. @default see `defaultLevels` */
  differences: z.partialRecord(z.enum(kinds as [Kind, ...Kind[]]), z.enum(levels)).exactOptional(),
});

export type Contract = z.infer<typeof contractSchema>;

/** A part of a contract that a check of its own proves. */
export type ContractPart = Exclude<
  keyof Contract,
  'bootMenu' | 'differences' | 'formats' | 'login' | 'mayDiffer' | 'name'
>;

/** What is promised, without where the private key lies on this host: that is no part of it. */
export const promisesOf = (contract: Contract): unknown =>
  JSON.parse(JSON.stringify(contract, (key, value: unknown) => (key === 'privateKey' ? undefined : value)));
