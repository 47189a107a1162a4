# `nix run`: the main job, on this flake's own images. They are built first, as any dependency is, from the
# nixpkgs that is locked here, and the harness gets the paths: no second evaluation could see another one.
# Other images: `nix run .#boot-matrix -- --images PATH`, which builds the harness alone.
{ pkgs, packages }:
let
  inherit (pkgs) lib;
  inherit (pkgs.stdenv.hostPlatform) isx86_64 system;
  inherit (packages.${system}) boot-matrix;
  # On a Mac the images are Linux still, and a Linux builder makes them.
  images = packages.${if isx86_64 then "x86_64-linux" else "aarch64-linux"};
  formats = lib.optional isx86_64 "qemu" ++ [
    "qemu-efi"
    "iso-installer"
    "netboot"
  ];
in
{
  type = "app";
  # Ours before the caller's, whose contract wins; but the images last, which would swallow the filters.
  program = lib.getExe (
    pkgs.writeShellScriptBin "boot-matrix-own-images" ''
      exec ${lib.getExe boot-matrix} --contract ${boot-matrix}/lib/boot-matrix/nix/contract.json "$@" \
        --images ${lib.concatMapStringsSep " " (format: "${images.${format}}") formats}
    ''
  );
  meta.description = "Boot the images of this flake and prove their contract";
}
