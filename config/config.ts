import { z } from 'zod';
import { contractSchema } from '../scenarios/contracts/contract.ts';
import type { Scenario } from '../scenarios/scenario.ts';

const path = z.string().min(1);
const flakeReference = z.string().min(1);
const wholeNumber = (least: number, most: number) => z.int().min(least).max(most);

/** Seconds. */
const budget = z.number().positive().max(86_400).exactOptional();

const isScenario = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'source', 'needs', 'check'].every((key) => Object.hasOwn(value, key));

const scenarioName = /^[\w-]{1,60}$/;

/** A failure that is known: its check runs, and its failure does not fail the gate until the date is over. */
export const knownSchema = z.strictObject({
  /** Which cells, as a FILTER of the command line: an id, a part of one, or a pattern with `*`. */
  cell: z.string().min(1),
  /** The check's name; `boot` for a cell that lets nobody in. */
  check: z.string().min(1),
  /** Why, with a link to where it is worked on. */
  because: z.string().regex(/https?:\/\/\S/, 'expected a text with a link (https://…)'),
  /** The last day on which it is known (UTC), e.g. `2026-12-31`; from the next on the failure fails the gate. */
  until: z.iso.date('expected a date such as 2026-12-31'),
});

export type Known = z.infer<typeof knownSchema>;

/** `boot.config.ts`. Paths are relative to its directory; what the command line says wins. */
export const configSchema = z.strictObject({
  /** Image files, or directories that hold them. @default with `flake` empty too, the reference images are built */
  images: z.array(path).exactOptional(),
  /** Flake references that nix builds, e.g. `.#iso-installer`; `.` is the config's directory. @default none */
  flake: z.array(flakeReference).exactOptional(),
  /** What the images promise: a built-in name, the path of a JSON file, or the contract itself. @default nixos-images */
  contract: z.union([z.string().min(1), contractSchema]).exactOptional(),
  /** Checks of one's own: what `scenario()` returns, or paths of modules whose default export is one or a list of them. */
  scenarios: z
    .array(
      z.union([
        path,
        z
          .custom<Scenario>(isScenario, 'expected what scenario() returns, or the path of a module')
          .refine(
            ({ name }) => scenarioName.test(name),
            'expected a scenario whose name is of letters, digits, - and _, at most 60',
          ),
      ]),
    )
    .exactOptional(),
  /** Failures that are known. @default none */
  known: z.array(knownSchema).exactOptional(),
  /**
   * Seconds that a boot may stay in a phase, and a machine that was asked to go down may take, in place of what the
   * harness gives them: for images that are known to take long. Multiplied by the machine's slowness where that is above 1.
   */
  budgets: z
    .strictObject({
      firmware: budget,
      bootloader: budget,
      kernel: budget,
      initrd: budget,
      userspace: budget,
      login: budget,
      goingDown: budget,
    })
    .exactOptional(),
  /** What whoever publishes the images asks of their files beyond what these say of themselves. @default nothing */
  release: z
    .strictObject({
      /** The tag, e.g. `v1.0.42`, that the addresses in iPXE scripts must have. @default any, the same in all */
      tag: z.string().min(1).exactOptional(),
      /** MiB that a file may have at most, by patterns for file names, e.g. `{ '*.iso': 2047 }`. @default any size */
      sizes: z.record(z.string().min(1), z.number().positive()).exactOptional(),
    })
    .exactOptional(),
  /** Further reports, as `--reporter` takes them, e.g. `tap`, `junit=build/boot.xml`. @default none */
  reporters: z.array(z.string().min(1)).exactOptional(),
  /** Directory of the reports. @default reports */
  out: path.exactOptional(),
  /** An earlier run that each is compared with: its reports, or a file of `boot-matrix baseline`. @default none */
  baseline: path.exactOptional(),
  /** Machines at once, or a percentage of the cores such as `50%`. @default cores + 1 */
  jobs: z
    .union([
      wholeNumber(1, 9999),
      z.string().regex(/^[1-9]\d*%$/, 'expected a number, or a percentage such as 50%'),
    ])
    .exactOptional(),
  /** A named accelerator never falls back. @default auto */
  accel: z.enum(['auto', 'kvm', 'hvf', 'tcg']).exactOptional(),
  /** How often a cell is tried again that the host failed. @default 1 */
  retries: wholeNumber(0, 10).exactOptional(),
  /** How often each cell is run. @default 1 */
  repeatEach: wholeNumber(1, 1000).exactOptional(),
  /** A pass that needed a retry fails the gate. @default false */
  failOnFlaky: z.boolean().exactOptional(),
});

/** What a config file says, as it is written: parts of a contract that may be absent are. */
export type Config = z.input<typeof configSchema>;

/** The same once it was understood. */
export type UnderstoodConfig = z.output<typeof configSchema>;

/** Types a config: `export default defineConfig({ … })` in `boot.config.ts`. */
export const defineConfig = (config: Config): Config => config;
