# Environment that names an iPXE for aarch64: the option ROMs that QEMU brings are for x86 alone.
pkgs:
let
  inherit (pkgs.stdenv.hostPlatform) isAarch64 isLinux;
  inherit (if isAarch64 then pkgs else pkgs.pkgsCross.aarch64-multiplatform) ipxe;
in
# Elsewhere than on Linux a whole cross toolchain would have to be built for it.
pkgs.lib.optionalAttrs isLinux {
  BOOT_MATRIX_IPXE_AARCH64 = "${ipxe}/snp.efi";
}
