import type { Allowance } from '../difference.ts';

/** What depends on the machine, the moment or the way in, and never on the image: it is not compared at all. */
export const volatile: readonly Allowance[] = [
  { part: 'nix', name: 'cores', why: 'follows the number of processors' },
  { part: 'nix', name: 'max-jobs', why: '`auto` is told as the number of processors' },
  { part: 'nix', name: 'system-features', why: 'has `kvm` where /dev/kvm is, and levels of the processor' },
  { part: 'nix', name: 'extra-platforms', why: 'follows the processor' },
  { part: 'units', name: 'serial-getty@*', why: 'we may have had it started to get in' },
  { part: 'units', name: '*getty@*', why: 'is restarted with each login' },
  { part: 'units', name: 'NetworkManager-dispatcher.service', why: 'ends by itself when it has been idle' },
  {
    part: 'modules',
    name: 'kvm',
    why: 'udev tries the hypervisor that the processor names, and it stays where it was asked for in time',
  },
  { part: 'modules', name: 'kvm_*', why: 'follows the processor, as kvm' },
  { part: 'modules', name: 'ccp', why: 'comes with kvm_amd' },
  { part: 'modules', name: 'irqbypass', why: 'comes with kvm' },
  { part: 'mounts', name: '/run/user/*', why: 'comes with a login' },
  { part: 'mounts', name: '/run/credentials/*', why: 'lives as long as its unit' },
  { part: 'etc', name: '/etc/*.dpkg-*', why: 'is left by a package manager while it works' },
];
