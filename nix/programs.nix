# The programs that the harness runs. QEMU brings its firmware, its descriptors and the iPXE option ROMs.
pkgs: [
  pkgs.e2fsprogs
  pkgs.libarchive
  pkgs.mtools
  pkgs.openssh
  pkgs.qemu
  pkgs.xorriso
]
