# What an installer needs at hand: flakes and a few programs.
{ pkgs, ... }:
{
  nix.settings.experimental-features = [
    "nix-command"
    "flakes"
  ];

  environment.systemPackages = [
    pkgs.curl
    pkgs.fastfetch
    pkgs.git
    pkgs.neovim
    pkgs.util-linux
    pkgs.wget
  ];
}
