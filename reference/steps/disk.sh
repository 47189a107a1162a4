#!/bin/bash
# Makes a root file system into the two kinds of disk: disk.sh ROOT ARCH CONSOLE OUT
#   OUT/bios.raw  MBR, ext4 "nixos" at 1 MiB, GRUB (x86_64 only)
#   OUT/efi.raw   GPT, ESP with systemd-boot, ext4 "nixos"
# and of both a silent twin, *-silent.raw: the same but for its boot menu, which never names the serial port.
# Partitions are laid out and file systems filled without mounting anything.
set -euo pipefail
root=$1 arch=$2 console=$3 out=$4
here=$(dirname "$0")
options="root=LABEL=nixos rw"
mib=$((1 << 20)) size=$((2048)) esp_size=128

copy_at() { dd if="$1" of="$2" bs=1M seek="$3" conv=sparse,notrunc status=none; }

if [ "$arch" = x86_64 ]; then
  mkdir -p "$root/boot/grub"
  sed "s|@OPTIONS@|$options $console|" "$here/grub-bios.cfg" > "$root/boot/grub/grub.cfg"
fi

# No feature that an e2fsprogs of 2023 does not know: images are edited on the host.
mkdir -p "$out"
mke2fs -q -t ext4 -O ^metadata_csum_seed,^orphan_file -E lazy_itable_init=1,root_owner=0:0 -m 1 \
  -L nixos -d "$root" "$out/root.ext4" "${size}M"

if [ "$arch" = x86_64 ]; then
  truncate -s $(((size + 2) * mib)) "$out/bios.raw"
  echo 'start=2048, size='$((size * 2048))', type=83, bootable' |
    sfdisk --quiet --no-tell-kernel --label dos "$out/bios.raw"
  copy_at "$out/root.ext4" "$out/bios.raw" 1
  # boot.img loads sector 1, which loads the rest from sector 2 on: GRUB's defaults, so nothing has to be patched.
  grub-mkimage -O i386-pc -p '(hd0,msdos1)/boot/grub' -o "$out/core.img" \
    biosdisk part_msdos ext2 normal linux serial terminal echo test search search_label
  [ "$(stat -c %s "$out/core.img")" -lt $((2047 * 512)) ]
  dd if=/usr/lib/grub/i386-pc/boot.img of="$out/bios.raw" bs=440 count=1 conv=notrunc status=none
  dd if="$out/core.img" of="$out/bios.raw" bs=512 seek=1 conv=notrunc status=none

  cp --sparse=always "$out/bios.raw" "$out/bios-silent.raw"
  sed "/serial/d; s|@OPTIONS@|$options|" "$here/grub-bios.cfg" > "$out/grub.cfg"
  twin="$out/bios-silent.raw?offset=$mib"
  printf 'rm /boot/grub/grub.cfg\nwrite %s /boot/grub/grub.cfg\n' "$out/grub.cfg" | debugfs -w -f - "$twin" 2> /dev/null
  # debugfs fails with exit code 0.
  [ "$(debugfs -R 'cat /boot/grub/grub.cfg' "$twin" 2> /dev/null)" = "$(cat "$out/grub.cfg")" ]
fi

case $arch in x86_64) efi=x64 EFI=X64 root_type=4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709 ;;
  aarch64) efi=aa64 EFI=AA64 root_type=B921B045-1DF0-41C3-AF44-4C6F280D3FAE ;; esac
truncate -s $(((esp_size + size + 2) * mib)) "$out/efi.raw"
sfdisk --quiet --no-tell-kernel --label gpt "$out/efi.raw" <<PARTITIONS
start=2048, size=$((esp_size * 2048)), type=C12A7328-F81F-11D2-BA4B-00A0C93EC93B, name=ESP
start=$(((esp_size + 1) * 2048)), size=$((size * 2048)), type=$root_type, name=nixos
PARTITIONS
copy_at "$out/root.ext4" "$out/efi.raw" $((esp_size + 1))

esp=$out/esp.img
truncate -s "${esp_size}M" "$esp"
mformat -i "$esp" -F -v ESP ::
mmd -i "$esp" ::EFI ::EFI/BOOT ::EFI/systemd ::EFI/nixos ::loader ::loader/entries
mcopy -i "$esp" "$root/usr/lib/systemd/boot/efi/systemd-boot$efi.efi" "::EFI/BOOT/BOOT$EFI.EFI"
mcopy -i "$esp" "$root/usr/lib/systemd/boot/efi/systemd-boot$efi.efi" "::EFI/systemd/systemd-boot$efi.efi"
mcopy -i "$esp" "$root/boot/bzImage" ::EFI/nixos/bzImage.efi
mcopy -i "$esp" "$root/boot/initrd" ::EFI/nixos/initrd.efi
printf 'timeout 1\ndefault nixos-*\nconsole-mode keep\n' | mcopy -i "$esp" - ::loader/loader.conf
entry() {
  printf 'title NixOS reference\nlinux /EFI/nixos/bzImage.efi\ninitrd /EFI/nixos/initrd.efi\noptions %s\n' "$1" |
    mcopy -o -i "$esp" - ::loader/entries/nixos-generation-1.conf
}
entry "$options $console"
cp --sparse=always "$out/efi.raw" "$out/efi-silent.raw"
copy_at "$esp" "$out/efi.raw" 1
# On arm64 the kernel learns of the serial port from the firmware (ACPI's SPCR), and systemd would start a getty there.
case $arch in x86_64) entry "$options" ;; aarch64) entry "$options systemd.getty_auto=no" ;; esac
copy_at "$esp" "$out/efi-silent.raw" 1
rm -f "$esp" "$out/core.img" "$out/grub.cfg" "$out/root.ext4"
