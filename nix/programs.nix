# The programs that the harness runs. QEMU brings its firmware, its descriptors and the iPXE option ROMs.
pkgs: [
  pkgs.e2fsprogs
  pkgs.libarchive
  pkgs.mtools
  pkgs.openssh
  pkgs.qemu
  pkgs.xorriso
  pkgs.xz
  pkgs.zstd
]
# Serves a machine's vsock, by which a guest lets in that has no other way; an older nixpkgs lacks it.
++ pkgs.lib.optional (
  pkgs.stdenv.hostPlatform.isLinux && pkgs ? vhost-device-vsock
) pkgs.vhost-device-vsock
