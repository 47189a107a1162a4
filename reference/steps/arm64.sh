#!/bin/bash
# Finishes an arm64 root file system whose packages were only unpacked: arm64.sh X86_ROOT ARM_ROOT
# Running arm64 maintainer scripts in an emulator takes eight minutes. What they leave behind does not depend on
# the architecture, so it is carried over from the finished x86_64 root: every file that no package owns, owners and
# modes, dpkg's database. The initrd is the x86_64 one with each program, library and module exchanged.
set -euo pipefail
shopt -s nullglob
from=$1 to=$2
recipe=$(dirname "$0")/..
work=$(mktemp -d)
translate() { sed 's/x86_64-linux-gnu/aarch64-linux-gnu/g; s/\([0-9]-\|image-\|[:_]\)amd64/\1arm64/g; s/^Architecture: amd64/Architecture: arm64/; s/ld-linux-x86-64\.so\.2/ld-linux-aarch64.so.1/g'; }

# 1. Files that no package owns.
cd "$from"
find . -mindepth 1 \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp -o -path ./boot -o -path ./lib64 \
  -o -path ./var/lib/dpkg -o -path ./var/cache/apt -o -path ./usr/lib/modules -o -path ./etc/ld.so.cache \
  -o -path '*/x86_64-linux-gnu/*' \) -prune -o -print | LC_ALL=C sort > "$work/all"
cat var/lib/dpkg/info/*.list | sed -E 's#^/#./#; s#^\./(bin|sbin|lib|lib64)/#./usr/\1/#' | LC_ALL=C sort -u > "$work/owned"
LC_ALL=C comm -23 "$work/all" "$work/owned" > "$work/unowned"
tar -c --no-recursion -T "$work/unowned" | tar -x --keep-directory-symlink -C "$to"

# 2. Owners and modes that the scripts set on files of packages.
find . -mindepth 1 \( -path ./proc -o -path ./sys -o -path ./dev \) -prune -o ! -type l \( ! -uid 0 -o ! -gid 0 -o -perm /7000 \) -printf '%U:%G %m %p\n' |
  while read -r owner mode path; do
    path=${path//x86_64-linux-gnu/aarch64-linux-gnu}
    [ ! -e "$to/$path" ] || { chown "$owner" "$to/$path"; chmod "$mode" "$to/$path"; }
  done

# 3. dpkg's database, without the checksums of the other architecture's files.
for file in var/lib/dpkg/info/*; do
  case $file in *.md5sums) continue ;; esac
  translate < "$file" > "$to/$(translate <<< "$file")"
done
translate < var/lib/dpkg/status > "$to/var/lib/dpkg/status"
echo arm64 > "$to/var/lib/dpkg/arch"

# 4. The configuration once more, over the configuration files that packages brought.
cp -R "$recipe/system/." "$to/"
cp "$from/etc/pam.d/login" "$to/etc/pam.d/login"
: > "$to/etc/motd"
rm -f "$to"/etc/update-motd.d/*
chmod 700 "$to/root" "$to/root/.ssh"
chmod 600 "$to/root/.ssh/authorized_keys"

# 5. The kernel, its module index, and the initrd.
version=$(basename "$to"/usr/lib/modules/*)
mv "$to"/boot/vmlinuz-* "$to/boot/bzImage"
depmod -b "$to" "$version"
mkdir "$work/initrd"
cd "$work/initrd"
zstd -q -d < "$from/boot/initrd" | cpio -id --quiet
modules=$(find usr/lib/modules -name '*.ko*' | sed -E 's|.*/||; s|\.ko.*||')
rm -rf usr/lib/modules/* etc/ld.so.cache
find . -depth -name '*x86_64-linux-gnu*' -o -depth -name 'ld-linux-x86-64*' | while read -r path; do
  mv "$path" "$(dirname "$path")/$(basename "$path" | translate)"
done
find . -type l | while read -r link; do
  target=$(readlink "$link"); new=$(translate <<< "$target")
  [ "$target" = "$new" ] || ln -sfn "$new" "$link"
done
find . -type f | while read -r path; do
  if [ "$(head -c 4 "$path" | tr -d '\0')" = $'\x7fELF' ]; then
    rm "$path"
    [ ! -e "$to/$path" ] || cp -L --preserve=mode "$to/$path" "$path"
  fi
done
# An arm64 program asks for its loader in /lib; x86_64's is in /lib64.
ln -sfn aarch64-linux-gnu/ld-linux-aarch64.so.1 usr/lib/ld-linux-aarch64.so.1
for module in $modules; do
  modprobe -S "$version" -d "$to" --show-depends "$module" 2> /dev/null | sed -n 's/^insmod \([^ ]*\).*/\1/p' || true
done | sort -u | while read -r path; do
  path=${path#"$to"}; path=${path#/}
  mkdir -p "$(dirname "usr/${path#usr/}")"
  cp "$to/usr/${path#usr/}" "usr/${path#usr/}"
done
cp "$to/usr/lib/modules/$version/"modules.{builtin,builtin.modinfo,order} "usr/lib/modules/$version/"
depmod -b . "$version"

# x86_64 programs ask for their loader in /lib64, arm64 ones in /lib.
ln -sfn aarch64-linux-gnu/ld-linux-aarch64.so.1 usr/lib/ld-linux-aarch64.so.1

# Every library that is asked for is there.
{ find . -type f -exec readelf -d {} + 2> /dev/null || true; } | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort -u | while read -r library; do
  [ -n "$(find . -name "$library" -print -quit)" ] && continue
  file=$(find "$to/usr/lib" -name "$library" -print -quit)
  [ -n "$file" ] || { echo "arm64 initrd: no $library" >&2; exit 1; }
  cp -L "$file" "usr/lib/aarch64-linux-gnu/$library"
done
find . -print0 | LC_ALL=C sort -z | cpio --quiet --null --reproducible -o -H newc -R 0:0 | zstd -q -15 -T0 > "$to/boot/initrd"
rm -rf "$work"
