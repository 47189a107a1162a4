#!/bin/bash
# Makes a root file system into what boots without a disk: live.sh ROOT CONSOLE OUT
#   OUT/nixos-installer.iso            isolinux for BIOS, GRUB for UEFI, from CD-ROM or USB stick
#   OUT/{bzImage,initrd,netboot.ipxe}  the whole system inside of the initrd
# and silent twins, nixos-installer-silent.iso and netboot-silent.ipxe, whose boot menus never name the serial port.
# The root is a squashfs under a tmpfs overlay, mounted by systemd from the fstab of the initrd.
set -euo pipefail
root=$1 console=$2 out=$3
recipe=$(dirname "$0")/..
label=nixos-installer-13-x86_64
options="root=fstab"

mkdir -p "$out"
[ -e "$out/root.squashfs" ] || mksquashfs "$root" "$out/root.squashfs" -comp zstd -Xcompression-level 15 -b 256K -no-progress -quiet \
  -no-xattrs -wildcards -e 'boot/*'

# initrd SQUASHFS EXTRA-FSTAB-LINE [FILE]: the initrd, and behind it an archive with what a live system mounts.
# The kernel unpacks one archive after the other, each at a multiple of 4 bytes.
initrd() {
  local tree
  tree=$(mktemp -d)
  cp -R "$recipe/live/." "$tree/"
  sed -i "s|@SQUASHFS@|$1|" "$tree/etc/fstab"
  [ -z "$2" ] || echo "$2" >> "$tree/etc/fstab"
  [ -z "${3-}" ] || ln "$3" "$tree/"
  cat "$root/boot/initrd"
  head -c $(((4 - $(stat -c %s "$root/boot/initrd") % 4) % 4)) /dev/zero
  (cd "$tree" && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc -R 0:0)
  rm -rf "$tree"
}

netboot() {
  cp "$root/boot/bzImage" "$out/bzImage"
  initrd /root.squashfs '' "$out/root.squashfs" > "$out/initrd"
  sed "s|@OPTIONS@|$options $console|" "$recipe/steps/netboot.ipxe" > "$out/netboot.ipxe"
  sed "s|@OPTIONS@|$options|" "$recipe/steps/netboot.ipxe" > "$out/netboot-silent.ipxe"
}

iso() {
  local tree=$out/iso
  mkdir -p "$tree/isolinux" "$tree/EFI/BOOT" "$tree/boot"
  ln "$out/root.squashfs" "$tree/nix-store.squashfs"
  cp "$root/boot/bzImage" "$tree/boot/"
  initrd /run/iso/nix-store.squashfs "LABEL=$label /run/iso iso9660 ro 0 0" > "$tree/boot/initrd"
  cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$tree/isolinux/"
  printf 'search --set=root --label %s\nset prefix=($root)/EFI/BOOT\nconfigfile $prefix/grub.cfg\n' "$label" > "$out/early.cfg"
  grub-mkimage -O x86_64-efi -p /EFI/BOOT -c "$out/early.cfg" -o "$tree/EFI/BOOT/BOOTX64.EFI" \
    fat iso9660 part_gpt part_msdos normal configfile linux terminal search search_label echo test
  truncate -s 2M "$tree/boot/efi.img"
  mformat -i "$tree/boot/efi.img" -v EFIBOOT ::
  mmd -i "$tree/boot/efi.img" ::EFI ::EFI/BOOT
  mcopy -i "$tree/boot/efi.img" "$tree/EFI/BOOT/BOOTX64.EFI" ::EFI/BOOT/

  sed "s|@OPTIONS@|$options $console|" "$recipe/steps/isolinux.cfg" > "$tree/isolinux/isolinux.cfg"
  sed "s|@OPTIONS@|$options $console|" "$recipe/steps/grub-efi.cfg" > "$tree/EFI/BOOT/grub.cfg"
  write_iso "$tree" "$out/nixos-installer.iso"
  sed "/^SERIAL/d; s|@OPTIONS@|$options|" "$recipe/steps/isolinux.cfg" > "$tree/isolinux/isolinux.cfg"
  sed "s|@OPTIONS@|$options|" "$recipe/steps/grub-efi.cfg" > "$tree/EFI/BOOT/grub.cfg"
  write_iso "$tree" "$out/nixos-installer-silent.iso"
  rm -rf "$tree" "$out/early.cfg"
}

# write_iso TREE FILE
write_iso() {
  xorriso -as mkisofs -quiet -iso-level 3 -rock -joliet -volid "$label" -o "$2" \
    -eltorito-boot isolinux/isolinux.bin -eltorito-catalog .boot.cat \
    -no-emul-boot -boot-load-size 4 -boot-info-table -isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin \
    -eltorito-alt-boot -e boot/efi.img -no-emul-boot -isohybrid-gpt-basdat "$1"
}

netboot
iso
rm "$out/root.squashfs"
