# What `nix flake check` builds: nothing large, but every image is evaluated down to its derivation.
{
  pkgs,
  images,
  package,
}:
let
  inherit (pkgs) lib;
  sources = lib.fileset.toSource {
    root = ../.;
    fileset = lib.fileset.unions [
      ../flake.nix
      ../nix
    ];
  };
  broken = lib.filterAttrs (_: promises: promises != [ ]) (
    import ./contract.nix { inherit lib images; }
  );
in
{
  inherit package;

  formatting = pkgs.runCommand "formatting" { nativeBuildInputs = [ pkgs.nixfmt ]; } ''
    find ${sources} -name '*.nix' -exec nixfmt --check {} +
    touch $out
  '';
}
// lib.optionalAttrs (images != { }) {
  # The paths are text: to name a derivation is to evaluate it, not to build it.
  images = pkgs.writeText "images" (
    lib.concatLines (
      lib.mapAttrsToList (
        format: image: "${format} ${builtins.unsafeDiscardStringContext image.drvPath}"
      ) images
    )
  );

  contract =
    assert lib.assertMsg (broken == { }) "formats that break a promise: ${builtins.toJSON broken}";
    pkgs.writeText "contract" (lib.concatLines (lib.attrNames images));
}
