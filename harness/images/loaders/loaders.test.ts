import { describe, expect, test } from 'vitest';
import { kernelOfBls, readBlsEntry } from './bls.ts';
import { defaultEntry } from './boot-order.ts';
import { fitsPattern } from './fnmatch.ts';
import { type MediumFiles, isPlainPath } from './files.ts';
import { findLoaderEntry, findSyslinuxLabel } from './find.ts';
import { readGrubConfig } from './grub.ts';
import { readSyslinuxConfig } from './syslinux.ts';

const system = '/nix/store/q1w2-nixos-system-nixos-25.05';
const stored = '/boot/nix/store/aaaa-linux-6.12.30/bzImage';

describe('GRUB', () => {
  test('what NixOS writes: the first entry, its paths without their device', () => {
    const text = `
# Automatically generated.
if [ -s $prefix/grubenv ]; then
  load_env
fi
set default=0
set timeout=5
menuentry "NixOS" --class nixos --unrestricted {
search --set=drive1 --fs-uuid 1234
search --set=drive2 --fs-uuid 1234
  linux ($drive2)/nix/store/aaaa-linux-6.12.30/bzImage init=${system}/init root=fstab loglevel=4
  initrd ($drive2)/nix/store/bbbb-initrd/initrd
}
submenu "NixOS - All configurations" {
menuentry "NixOS - Configuration 1" {
  linux ($drive2)//old/bzImage
}
}`;
    expect(readGrubConfig(text)).toEqual({
      kernel: '/nix/store/aaaa-linux-6.12.30/bzImage',
      initrds: ['/nix/store/bbbb-initrd/initrd'],
      options: `init=${system}/init root=fstab loglevel=4`,
    });
  });

  test('quotes, several initrds, names of other platforms', () => {
    const text = `menuentry 'a' {\n\tlinuxefi "/vmlinuz" root=/dev/sda1 \\\n quiet\n\tinitrdefi /ucode /initrd\n}`;
    expect(readGrubConfig(text)).toEqual({
      kernel: '/vmlinuz',
      initrds: ['/ucode', '/initrd'],
      options: 'root=/dev/sda1 quiet',
    });
  });

  test.each(['', 'menuentry "Windows" {\n  chainloader +1\n}'])('no kernel in %j', (text) => {
    expect(readGrubConfig(text)).toBeUndefined();
  });
});

describe('SYSLINUX', () => {
  test("NixOS's isolinux.cfg: the default, not its variants", () => {
    const text = `
SERIAL 0 115200
TIMEOUT 100
UI vesamenu.c32
DEFAULT boot

LABEL boot
MENU LABEL NixOS 25.05 Installer
LINUX ${stored}
APPEND init=${system}/init root=fstab loglevel=4
INITRD /boot/nix/store/bbbb-initrd/initrd

LABEL boot-serial
LINUX ${stored}
APPEND console=ttyS0,115200n8
`;
    expect(readSyslinuxConfig(text, '/isolinux')).toEqual({
      kernel: stored,
      initrds: ['/boot/nix/store/bbbb-initrd/initrd'],
      options: `init=${system}/init root=fstab loglevel=4`,
      label: 'boot',
    });
  });

  test('extlinux.conf names files from where it lies; an initrd may be an option', () => {
    const text =
      'DEFAULT nixos-default\nLABEL nixos-default\n  LINUX ../nixos/Image\n  INITRD ../nixos/initrd\n  APPEND init=/x\n';
    expect(readSyslinuxConfig(text, '/boot/extlinux')).toEqual({
      kernel: '/boot/nixos/Image',
      initrds: ['/boot/nixos/initrd'],
      options: 'init=/x',
      label: 'nixos-default',
    });
    const old = 'default live\nlabel live\n kernel vmlinuz\n append initrd=initrd.img,more boot=live\n';
    expect(readSyslinuxConfig(old, '/isolinux')).toEqual({
      kernel: '/isolinux/vmlinuz',
      initrds: ['/isolinux/initrd.img', '/isolinux/more'],
      options: 'boot=live',
      label: 'live',
    });
  });

  test('a menu program is no kernel', () => {
    const text = 'DEFAULT vesamenu.c32\nLABEL hdt\n KERNEL hdt.c32\nLABEL linux\n KERNEL /vmlinuz\n';
    expect(readSyslinuxConfig(text, '/')?.kernel).toBe('/vmlinuz');
    expect(readSyslinuxConfig('DEFAULT hdt\nLABEL hdt\n KERNEL hdt.c32\n', '/')).toBeUndefined();
  });
});

describe('Boot Loader Specification', () => {
  test('an entry, with paths of UEFI, lines that come twice, comments and quotes', () => {
    const text =
      'title NixOS\n# linux /no\n version "6.12 a"\nsort-key nixos\nlinux /old\nlinux \\EFI\\nixos\\a.efi\ninitrd /EFI/nixos/u.efi\ninitrd /EFI/nixos/b.efi\noptions init=/x\noptions initrd=/y quiet\n';
    const entry = readBlsEntry(text);
    expect(entry).toMatchObject({ sortKey: 'nixos', version: '6.12 a', machineId: undefined });
    expect(entry && kernelOfBls(entry)).toEqual({
      kernel: '/EFI/nixos/a.efi',
      initrds: ['/EFI/nixos/u.efi', '/EFI/nixos/b.efi'],
      options: 'init=/x quiet',
    });
  });

  test('a program is none that starts by itself, and two kinds of thing are none', () => {
    const shell = readBlsEntry('title Shell\nefi /shell.efi\n');
    expect(shell?.starts).toEqual({ program: '/shell.efi' });
    expect(shell && kernelOfBls(shell)).toBeUndefined();
    expect(readBlsEntry('linux /a\nefi /b\n')).toBeUndefined();
    expect(readBlsEntry('title x\n')).toBeUndefined();
  });
});

describe('a hostile configuration', () => {
  const medium = (files: Record<string, string>): MediumFiles => ({
    read: async (path) => files[path],
    list: async () => [],
    copy: () => ['true'],
    wasCopied: () => true,
  });

  test.each(['/a b', '/$(reboot)', '/x/../../etc/shadow', '/a;b', '/a"b', 'relative', '/-R\n'])(
    '%j is no path for the command line of a program',
    (path) => expect(isPlainPath(path)).toBe(false),
  );

  // Each took minutes to years before it cost linear time.
  test('is read at once', () => {
    const spaces = ' '.repeat(100_000);
    expect(readSyslinuxConfig(`x${spaces}y${spaces}\r z`, '/')).toBeUndefined();
    expect(readBlsEntry(`x${spaces}y${spaces}\r z`)).toBeUndefined();
    expect(fitsPattern('a'.repeat(250), `${'*a'.repeat(40)}b`)).toBe(false);
    expect(defaultEntry([{ id: 'a' }], `default${spaces}b${spaces}\r c`)).toEqual({ id: 'a' });
  });

  test('an entry with such a path is passed over', async () => {
    const found = await findLoaderEntry(
      medium({
        '/boot/grub/grub.cfg': 'linux /boot/`reboot` a\n',
        '/isolinux/isolinux.cfg': 'LABEL a\nLINUX /boot/bzImage\n',
      }),
    );
    expect(found?.kernel).toBe('/boot/bzImage');
  });

  test.each([
    ['boot', 'boot'],
    ['boot now', undefined],
    ['b\u0007', undefined],
    ['x'.repeat(100), undefined],
  ])('the name of an entry is typed at a prompt: %j', async (label, typed) => {
    const files = medium({ '/isolinux/isolinux.cfg': `LABEL ${label}\nLINUX /boot/bzImage\n` });
    expect(await findSyslinuxLabel(files)).toBe(typed);
  });
});
