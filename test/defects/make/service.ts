import type { Ext4Edit } from './ext4.ts';

/**
 * A service that starts before everything else, and everything else waits until it is done.
 * @param lines of its [Service] section
 */
export function earlyService(name: string, lines: readonly string[]): Ext4Edit[] {
  const unit = `/etc/systemd/system/${name}.service`;
  const text = [
    '[Unit]',
    `Description=${name}`,
    'DefaultDependencies=no',
    'Before=sysinit.target',
    '[Service]',
    'Type=oneshot',
    ...lines,
    '',
  ];
  return [
    { path: unit, create: text.join('\n') },
    { path: `/etc/systemd/system/sysinit.target.wants/${name}.service`, symlink: unit },
  ];
}
