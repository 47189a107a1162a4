import type { Phase } from '../../harness/events.ts';
import type { Contract } from '../../scenarios/contracts/contract.ts';
import type { Ext4Edit } from './make/ext4.ts';
import type { Make } from './make/make.ts';

/** What a maintainer must read. */
export type Expectation =
  /** Nothing boots: exit code 2, and the sentence says what is wrong with the image. */
  | { refused: RegExp }
  /** What is wrong is found as its archive is opened: exit code 2, and the cell's reason says it. */
  | { opened: RegExp }
  /** The guest ends before a command has run: in this phase, for this reason. */
  | { phase: Phase; reason: RegExp }
  /** The guest comes up and breaks its contract: these checks fail, each for its reason, and no other. */
  | { checks: Record<string, RegExp>; others?: 'passed' | 'any' };

/** An image that is broken on purpose, and the verdict that it must get. */
export interface Defect {
  /** Unique; letters, digits and `-`. */
  name: string;
  /** What is broken, a few words. */
  what: string;
  /** The id of the cell that is run, as the matrix calls it. */
  cell: string;
  make: Make;
  /** What is changed in the root file system, where that alone breaks it, and breaks any disk that has the same root. */
  root?: readonly Ext4Edit[];
  /** Name of the directory for temporary files that it is tried with. @default the one that there is */
  temporary?: string;
  /** Temporary files are on a file system on which nothing can be run; takes a user namespace. @default they are not */
  noexec?: true;
  /** What the contract promises beside that of the reference images. @default nothing */
  promises?: Partial<Contract>;
  expect: Expectation;
}
