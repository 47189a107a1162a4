# What every format must still say after its platform's modules had their turn: { <format> = [ <broken promise> ]; }.
# The harness proves contract.json from outside; this tells before anything is built.
{ lib, images }:
let
  promised = lib.importJSON ./contract.json;
in
lib.mapAttrs (
  format: image:
  let
    inherit (image.passthru) config;
    inherit (config.boot) isContainer;
    inherit (config.services) kmscon openssh xserver;
    root = config.users.users.${promised.sshd.user};
    # systemd starts a getty on serial where the kernel has a console there, and only there.
    consoleOnSerial = lib.any (
      parameter: builtins.match "console=tty(S|AMA)[0-9].*" parameter != null
    ) config.boot.kernelParams;
    installed = map lib.getName config.environment.systemPackages;
    inherit (root.openssh) authorizedKeys;
    keys = authorizedKeys.keys ++ map lib.fileContents authorizedKeys.keyFiles;
    promises = {
      "sshd runs" = openssh.enable;
      "sshd lets root in" = openssh.settings.PermitRootLogin == promised.sshd.permitRootLogin;
      "sshd takes no password" =
        !openssh.settings.PasswordAuthentication && !openssh.settings.KbdInteractiveAuthentication;
      "root has the authorized key" = lib.elem promised.sshd.authorizedKey keys;
      "root's password is a hash" =
        lib.hasPrefix "$6$" root.hashedPassword && root.initialHashedPassword == null;
      "kmscon has the screen" = kmscon.enable || isContainer;
      "kmscon logs in" =
        isContainer
        || lib.hasSuffix " -f -- ${promised.autologin.screen}" (
          lib.last config.systemd.services."kmsconvt@".serviceConfig.ExecStart
        );
      "serial logs in as promised" =
        (if consoleOnSerial then config.services.getty.autologinUser else null)
        == promised.autologin.serial.${format} or promised.autologin.serial.default;
      "the layout" =
        xserver.xkb.layout == promised.keyboard.layout
        && xserver.xkb.variant == promised.keyboard.variant;
      "flakes are on" =
        lib.subtractLists config.nix.settings.experimental-features promised.flakes.experimentalFeatures
        == [ ];
      "NetworkManager runs" = config.networking.networkmanager.enable;
      # Proxmox names its guests itself.
      "the host's name" =
        lib.hasPrefix "proxmox" format || config.networking.hostName == promised.name;
      "the tools are there" =
        lib.subtractLists installed [
          "curl"
          "fastfetch"
          "git"
          "neovim"
          "util-linux"
          "wget"
        ] == [ ];
    };
  in
  lib.attrNames (lib.filterAttrs (_: kept: !kept) promises)
) images
