{
  description = "Boots every format of an operating-system image under QEMU and proves the contract of each";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      systems = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-linux"
      ];
      forEachSystem = build: lib.genAttrs systems (system: build nixpkgs.legacyPackages.${system});

      imagesOf =
        pkgs:
        import ./nix/images.nix {
          inherit nixpkgs;
          inherit (pkgs.stdenv.hostPlatform) system;
        };
    in
    {
      # The configuration of the images, for a fork that adds to it: see nix/README.md.
      nixosModules.installer = ./nix/installer;

      packages = forEachSystem (
        pkgs:
        let
          boot-matrix = pkgs.callPackage ./nix/package.nix { };
        in
        imagesOf pkgs
        // {
          inherit boot-matrix;
          default = boot-matrix;
        }
      );

      apps = forEachSystem (pkgs: {
        default = import ./nix/app.nix {
          inherit pkgs;
          packages = self.packages;
        };
      });

      devShells = forEachSystem (pkgs: {
        default = import ./nix/shell.nix { inherit pkgs; };
      });

      checks = forEachSystem (
        pkgs:
        import ./nix/checks.nix {
          inherit pkgs;
          images = imagesOf pkgs;
          package = self.packages.${pkgs.stdenv.hostPlatform.system}.boot-matrix;
        }
      );

      formatter = forEachSystem (pkgs: pkgs.nixfmt-tree);
    };
}
