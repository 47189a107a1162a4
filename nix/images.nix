# One system of one platform, and the formats that it comes in: { <format> = derivation; }.
{
  nixpkgs,
  system,
  modules ? [ ],
}:
let
  inherit (nixpkgs) lib;
  installer = lib.nixosSystem {
    modules = [
      ./installer
      ./image-variants.nix
      { nixpkgs.hostPlatform = system; }
    ]
    ++ modules;
  };
  formats = {
    x86_64-linux = import ./formats.nix;
    # Those whose loader is not a PC's.
    aarch64-linux = [
      "iso"
      "iso-installer"
      "kexec"
      "lxc"
      "lxc-metadata"
      "netboot"
      "proxmox-lxc"
      "qemu-efi"
      "raw-efi"
      "sd-card"
    ];
  };
in
lib.genAttrs (formats.${system} or [ ]) (format: installer.config.system.build.images.${format})
