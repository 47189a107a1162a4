#!/bin/sh
# Turns a freshly installed root file system into the one configuration: configure.sh ROOT
# Runs last inside of mmdebstrap, $RECIPE is this recipe's directory.
set -eu
root=$1

cp -R "$RECIPE/system/." "$root/"
chmod 700 "$root/root" "$root/root/.ssh"
chmod 600 "$root/root/.ssh/authorized_keys"
cp "$root/root/.bashrc" "$root/root/.profile" "$root/etc/skel/"

# The empty password as NixOS has it: a (yescrypt) hash of "", so that login asks and an empty answer is right.
chroot "$root" usermod --password '$y$j9T$bootmatrixref0000000$ajpqxxQe82mEHH9q7np2C69lBhSXj/788AR1ZamnCz1' root

sed -i 's|^@include common-auth|auth requisite pam_exec.so quiet expose_authtok /usr/local/sbin/check-password\nauth required pam_permit.so|' \
  "$root/etc/pam.d/login"

# Every machine makes its own.
rm -f "$root"/etc/ssh/ssh_host_*
: > "$root/etc/machine-id"
rm -f "$root/var/lib/dbus/machine-id" "$root/var/lib/systemd/random-seed"

# Housekeeping and waiting that a machine which lives for a minute can do without.
chroot "$root" systemctl mask \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  NetworkManager-wait-online.service systemd-pstore.service ldconfig.service dracut-shutdown.service \
  modprobe@configfs.service modprobe@drm.service modprobe@fuse.service sys-kernel-config.mount \
  sys-fs-fuse-connections.mount sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount \
  systemd-rfkill.socket systemd-rfkill.service user@.service
: > "$root/etc/motd"
rm -f "$root/etc/update-motd.d/"*
chroot "$root" systemctl disable nix-daemon.service
chroot "$root" systemctl enable kmsconvt@tty1.service NetworkManager.service ssh.service

# GRUB and the boot loaders of the other formats find kernel and initrd by these names.
cd "$root/boot"
for kernel in vmlinuz-*; do
  version=${kernel#vmlinuz-}
  mv "$kernel" bzImage
  [ ! -e "initrd.img-$version" ] || mv "initrd.img-$version" initrd
done

# Nothing under /usr is newer than these: no "system update" work at the first boot.
touch "$root/etc/.updated" "$root/var/.updated"
