#!/bin/bash
# Makes a root file system into what boots without a disk: live.sh ROOT CONSOLE OUT
#   OUT/nixos-installer.iso         isolinux for BIOS, GRUB for UEFI, from CD-ROM or USB stick
#   OUT/{bzImage,initrd,netboot.ipxe}  the whole system inside of the initrd
# The root is a squashfs under a tmpfs overlay, mounted by systemd alone (systemd.volatile=overlay).
set -euo pipefail
root=$1 console=$2 out=$3
here=$(dirname "$0")
label=nixos-installer-13-x86_64
overlay="rootfstype=squashfs rootflags=loop systemd.volatile=overlay"

mkdir -p "$out"
mksquashfs "$root" "$out/root.squashfs" -comp zstd -Xcompression-level 15 -b 256K -no-progress -quiet \
  -wildcards -e 'boot/*'

netboot() {
  cp "$root/boot/bzImage" "$out/bzImage"
  cp "$root/boot/initrd" "$out/initrd"
  # The kernel unpacks one archive after the other; padding to 4 bytes lets it find the second.
  (cd "$out" && echo root.squashfs | cpio --quiet --reproducible -o -H newc -R 0:0) >> "$out/initrd"
  sed "s|@OPTIONS@|root=/root.squashfs $overlay $console|" "$here/netboot.ipxe" > "$out/netboot.ipxe"
}

iso() {
  local tree=$out/iso options="root=/run/iso/nix-store.squashfs $overlay $console"
  options+=" rd.systemd.mount-extra=LABEL=$label:/run/iso:iso9660:ro"
  mkdir -p "$tree/isolinux" "$tree/EFI/BOOT" "$tree/boot"
  ln "$out/root.squashfs" "$tree/nix-store.squashfs"
  cp "$root/boot/bzImage" "$root/boot/initrd" "$tree/boot/"
  cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$tree/isolinux/"
  sed "s|@OPTIONS@|$options|" "$here/isolinux.cfg" > "$tree/isolinux/isolinux.cfg"
  sed "s|@OPTIONS@|$options|" "$here/grub-efi.cfg" > "$tree/EFI/BOOT/grub.cfg"

  printf 'search --set=root --label %s\nset prefix=($root)/EFI/BOOT\nconfigfile $prefix/grub.cfg\n' "$label" > "$out/early.cfg"
  grub-mkimage -O x86_64-efi -p /EFI/BOOT -c "$out/early.cfg" -o "$tree/EFI/BOOT/BOOTX64.EFI" \
    fat iso9660 part_gpt part_msdos normal configfile linux serial terminal search search_label echo test
  truncate -s 2M "$tree/boot/efi.img"
  mformat -i "$tree/boot/efi.img" -v EFIBOOT ::
  mmd -i "$tree/boot/efi.img" ::EFI ::EFI/BOOT
  mcopy -i "$tree/boot/efi.img" "$tree/EFI/BOOT/BOOTX64.EFI" ::EFI/BOOT/

  xorriso -as mkisofs -quiet -iso-level 3 -rock -joliet -volid "$label" -o "$out/nixos-installer.iso" \
    -eltorito-boot isolinux/isolinux.bin -eltorito-catalog .boot.cat \
    -no-emul-boot -boot-load-size 4 -boot-info-table -isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin \
    -eltorito-alt-boot -e boot/efi.img -no-emul-boot -isohybrid-gpt-basdat "$tree"
  rm -rf "$tree" "$out/early.cfg"
}

netboot & iso
wait $!
rm "$out/root.squashfs"
