# pnpm-lock.yaml → a list of { name, version, integrity }: what the dependencies of `package.json` need at
# run time, without the development tools. Reads the form that pnpm writes, a paragraph an entry, and no
# other YAML; what it does not understand is an error.
{ lib, lockFile }:
let
  paragraphs = lib.filter lib.isString (builtins.split "\n\n" (builtins.readFile lockFile));
  lines = lib.splitString "\n";
  captures = regex: text: lib.filter (match: match != null) (map (builtins.match regex) (lines text));

  # "  '@xterm/headless@6.0.0':" → "@xterm/headless@6.0.0"
  keyOf =
    paragraph:
    let
      matches = captures "  '?([^ ':]+@[^']+)'?:( \\{})?" paragraph;
    in
    if matches == [ ] then null else lib.head (lib.head matches);

  entries = lib.filter (entry: entry.key != null) (
    map (paragraph: {
      key = keyOf paragraph;
      integrity = lib.concatLists (captures " +resolution: \\{integrity: ([^,}]+).*" paragraph);
      dependencies = map toKey (captures "      '?([^ ']+)'?: '?([^ ']+)'?" paragraph);
    }) paragraphs
  );
  toKey = match: "${lib.head match}@${lib.last match}";

  byKey = wanted: lib.listToAttrs (map (entry: lib.nameValuePair entry.key entry) wanted);
  packages = byKey (lib.filter (entry: entry.integrity != [ ]) entries);
  snapshots = byKey (lib.filter (entry: entry.integrity == [ ]) entries);

  importer =
    lib.findFirst (lib.hasInfix "\n    dependencies:\n")
      (throw "${toString lockFile}: no dependencies in it")
      paragraphs;
  runtime = lib.head (lib.splitString "\n    devDependencies:" importer);
  names = lib.concatLists (captures "      '?([^ ':]+)'?:" runtime);
  versions = lib.concatLists (captures "        version: '?([^']+)'?" runtime);

  closure = builtins.genericClosure {
    startSet = map (key: { inherit key; }) (
      lib.zipListsWith (name: version: "${name}@${version}") names versions
    );
    operator =
      { key }:
      map (dependency: { key = dependency; })
        (snapshots.${key} or (throw "${toString lockFile}: no snapshot of ${key}")).dependencies;
  };
in
map (
  { key }:
  let
    # Peers stand behind the version, in parentheses.
    plain = lib.head (lib.splitString "(" key);
    parts = builtins.match "(.+)@([^@]+)" plain;
    package = packages.${plain} or (throw "${toString lockFile}: no package ${plain}");
  in
  {
    name = lib.head parts;
    version = lib.last parts;
    integrity = lib.head package.integrity;
  }
) closure
