# All that working on the harness needs; node-pty and the linters come from npm with their binaries.
{ pkgs }:
pkgs.mkShell {
  packages = import ./programs.nix pkgs ++ [
    pkgs.nixfmt
    pkgs.nodejs_24
    pkgs.pnpm_11
    # For a platform that node-pty has no binary for.
    pkgs.gnumake
    pkgs.python3
    pkgs.stdenv.cc
  ];
  env = import ./ipxe-aarch64.nix pkgs;
}
