# What pnpm-lock.yaml pins for run time, as a directory in the form of a registry: <name>/-/<file>.tgz.
#
# Each tarball is a fixed-output derivation of the digest in the lock file, so there is no hash to keep
# beside it and nothing to update here when a dependency changes (fetchPnpmDeps wants such a hash).
# npm itself does the download: it knows its registry, and NIX_NPM_REGISTRY names another.
{
  lib,
  linkFarm,
  nodejs_24,
  runCommand,
  lockFile,
}:
let
  fetch =
    {
      name,
      version,
      integrity,
    }:
    runCommand "${lib.strings.sanitizeDerivationName name}-${version}.tgz"
      {
        nativeBuildInputs = [ nodejs_24 ];
        impureEnvVars = lib.fetchers.proxyImpureEnvVars ++ [ "NIX_NPM_REGISTRY" ];
        outputHashMode = "flat";
        outputHash = integrity;
        preferLocalBuild = true;
      }
      ''
        export HOME=$TMPDIR
        tarball=$(npm pack --silent --ignore-scripts \
          ''${NIX_NPM_REGISTRY:+--registry="$NIX_NPM_REGISTRY"} ${lib.escapeShellArg "${name}@${version}"})
        mv "$tarball" $out
      '';
in
linkFarm "boot-matrix-npm-packages" (
  map (package: {
    name = "${package.name}/-/${baseNameOf package.name}-${package.version}.tgz";
    path = fetch package;
  }) (import ./pnpm-lock.nix { inherit lib lockFile; })
)
