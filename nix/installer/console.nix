# kmscon on the virtual screen: root without a prompt, Swiss German keys, JetBrains Mono.
#
# nixpkgs' module takes the user from `services.getty.autologinUser` since `services.kmscon.autologinUser` was
# removed. That option would log root in on serial lines too, and the installer profile sets it to `nixos`; so
# kmscon gets a command line of its own.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  kmscon = lib.getExe' config.services.kmscon.package "kmscon";
  login = lib.getExe' pkgs.shadow "login";
  configuration = pkgs.writeTextDir "kmscon.conf" ''
    font-name=JetBrainsMono Nerd Font
    xkb-layout=${config.services.xserver.xkb.layout}
  '';
in
{
  # A container has no screen; kmscon would only take the getty of its tty1 away.
  services.kmscon.enable = !config.boot.isContainer;

  systemd.services."kmsconvt@" = lib.mkIf config.services.kmscon.enable {
    serviceConfig.ExecStart = lib.mkForce [
      "" # drops the ExecStart of the packaged unit
      "${kmscon} --configdir ${configuration} --vt=%I --no-switchvt --login -- ${login} -p -f -- root"
    ];
  };

  services.xserver.xkb.layout = "ch";

  fonts.fontconfig.enable = true; # kmscon finds its font by it, and small profiles turn it off
  fonts.packages = [ pkgs.nerd-fonts.jetbrains-mono ];
}
