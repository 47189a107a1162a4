# The one configuration that every format boots.
{
  imports = [
    ./console.nix
    ./root.nix
    ./ssh.nix
    ./tools.nix
  ];

  networking.hostName = "nixos-installer";
  networking.networkmanager.enable = true;
  system.stateVersion = "25.05";
}
