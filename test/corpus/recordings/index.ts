import type { Recording } from '../recording.ts';
import { bootloader } from './bootloader.ts';
import { firmware } from './firmware.ts';
import { linux } from './linux.ts';
import { others } from './others.ts';
import { system } from './system.ts';

/** Every log that can be made again. */
export const recordings: readonly Recording[] = [...firmware, ...bootloader, ...linux, ...others, ...system];
