# The harness: its sources, which Node runs as they are, beside their dependencies.
{
  lib,
  callPackage,
  makeWrapper,
  nodejs_24,
  pkgs,
  pnpm_11,
  python3,
  stdenvNoCC,
}:
let
  inherit (lib) fileset;
  manifest = lib.importJSON ../package.json;
  npmPackages = callPackage ./npm-packages.nix { lockFile = ../pnpm-lock.yaml; };
in
stdenvNoCC.mkDerivation {
  pname = manifest.name;
  inherit (manifest) version;

  src = fileset.toSource {
    root = ../.;
    fileset = fileset.difference (fileset.unions [
      ../config
      ../harness
      ../nix/contract.json
      ../ovmf
      ../package.json
      ../pnpm-lock.yaml
      ../pnpm-workspace.yaml
      ../reference
      ../scenarios
    ]) (fileset.fileFilter (file: lib.hasSuffix ".test.ts" file.name) ../.);
  };

  nativeBuildInputs = [
    makeWrapper
    nodejs_24
    pnpm_11
    python3
  ];
  __darwinAllowLocalNetworking = true;

  # pnpm lays out node_modules from a registry on the loopback. The tarballs are those of the lock file, by
  # digest: pnpm's own look-ups, for their age and for a newer pnpm, have nobody to ask.
  buildPhase = ''
    runHook preBuild
    export HOME=$TMPDIR/home
    python3 -u -m http.server --bind 127.0.0.1 --directory ${npmPackages} 0 > $TMPDIR/registry.log 2>&1 &
    registry=$!
    until port=$(sed -n 's/.* port \([0-9]*\) .*/\1/p' $TMPDIR/registry.log) && [ -n "$port" ]; do
      kill -0 $registry || { cat $TMPDIR/registry.log; exit 1; }
      sleep 0.1
    done
    pnpm_config_minimum_release_age=0 pnpm_config_pm_on_fail=ignore pnpm_config_update_notifier=false \
      pnpm install --prod --frozen-lockfile --ignore-scripts --package-import-method=copy \
      --registry "http://127.0.0.1:$port"
    kill $registry
    rm node_modules/.modules.yaml node_modules/.pnpm-workspace-state-*.json # they hold the time of day
    runHook postBuild
  '';

  installPhase = ''
    runHook preInstall
    mkdir -p $out/lib/boot-matrix
    cp -r config harness nix node_modules ovmf package.json reference scenarios $out/lib/boot-matrix
    makeWrapper ${lib.getExe nodejs_24} $out/bin/boot-matrix \
      --add-flags $out/lib/boot-matrix/harness/cli/main.ts \
      --prefix PATH : ${lib.makeBinPath (import ./programs.nix pkgs)} ${
        toString (
          lib.mapAttrsToList (name: path: "--set-default ${name} ${path}") (import ./ipxe-aarch64.nix pkgs)
        )
      }
    runHook postInstall
  '';

  # node-pty's prebuilt modules must stay as they are: Node brings all that they link to.
  dontFixup = true;

  doInstallCheck = true;
  installCheckPhase = ''
    runHook preInstallCheck
    $out/bin/boot-matrix --help > /dev/null
    runHook postInstallCheck
  '';

  meta = {
    inherit (manifest) description;
    license = lib.licenses.mit;
    mainProgram = "boot-matrix";
    platforms = lib.platforms.linux ++ lib.platforms.darwin;
  };
}
