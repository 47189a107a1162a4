# What every format must still say after its platform's modules had their turn: { <format> = [ <broken promise> ]; }.
# The harness proves the same from outside; this tells before anything is built.
{ lib, images }:
lib.mapAttrs (
  format: image:
  let
    inherit (image.passthru) config;
    inherit (config.services) openssh xserver kmscon;
    root = config.users.users.root;
    installed = map lib.getName config.environment.systemPackages;
    isNamedByProxmox = lib.hasPrefix "proxmox" format;
    promises = {
      "sshd runs" = openssh.enable;
      "sshd lets root in" = openssh.settings.PermitRootLogin == "yes";
      "sshd takes no password" =
        !openssh.settings.PasswordAuthentication && !openssh.settings.KbdInteractiveAuthentication;
      "root has an authorized key" = root.openssh.authorizedKeys.keyFiles != [ ];
      "root's password is the hash of an empty one" =
        lib.hasPrefix "$6$" root.hashedPassword && root.initialHashedPassword == null;
      "kmscon has the screen" = kmscon.enable || config.boot.isContainer;
      "kmscon logs root in" =
        config.boot.isContainer
        || lib.hasSuffix " -f -- root" (
          lib.last config.systemd.services."kmsconvt@".serviceConfig.ExecStart
        );
      "the layout is ch" = xserver.xkb.layout == "ch";
      "flakes are on" = lib.all (feature: lib.elem feature config.nix.settings.experimental-features) [
        "nix-command"
        "flakes"
      ];
      "NetworkManager runs" = config.networking.networkmanager.enable;
      "the host is nixos-installer" = isNamedByProxmox || config.networking.hostName == "nixos-installer";
      "the tools are there" = lib.all (tool: lib.elem tool installed) [
        "curl"
        "fastfetch"
        "git"
        "neovim"
        "util-linux"
        "wget"
      ];
    };
  in
  lib.attrNames (lib.filterAttrs (_: kept: !kept) promises)
) images
