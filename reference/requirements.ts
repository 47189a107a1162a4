import type { Requirement } from '../harness/requirement.ts';
import { keyring } from './paths.ts';

/** What building the reference images, and breaking copies of them, needs on the host; all else comes in a chroot. */
export const referenceRequirements: Requirement[] = [
  { command: 'mmdebstrap', package: 'mmdebstrap', reason: 'installs the reference system' },
  {
    file: keyring,
    package: 'debian-archive-keyring',
    reason: "verifies Debian's packages",
  },
  { command: 'qemu-img', package: 'qemu-utils', reason: 'writes qcow2 images' },
  { command: 'debugfs', package: 'e2fsprogs', reason: 'edits file systems without mounting them' },
  { command: 'sfdisk', package: 'fdisk', reason: 'lays out the partitions of an SD card' },
  { command: 'mksquashfs', package: 'squashfs-tools', reason: 'makes the root of a live system' },
  { command: 'cpio', package: 'cpio', reason: 'makes initrds' },
  { command: 'flock', package: 'util-linux', reason: 'lets one run build at a time' },
  { command: 'setpriv', package: 'util-linux', reason: 'ends a build step with the run that began it' },
];
