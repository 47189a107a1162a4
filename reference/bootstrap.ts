import { debianArchitecture, pathExcludes, releases, type Architecture } from './packages.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** A root file system to be made by mmdebstrap(1). */
export interface Bootstrap {
  /** `minbase` installs, `extract` only unpacks. */
  variant: 'minbase' | 'extract';
  architecture: Architecture;
  packages: readonly string[];
  /** Directory to make. */
  target: string;
  mirror: string;
  /** Directory with .deb files of earlier builds. */
  debs: string;
  /** `APT::Option "value"` lines of the host that the download needs, such as its proxy. */
  aptOptions: readonly string[];
  /** Files that are there before the first package: path inside of the target → file on the host. */
  files: Readonly<Record<string, string>>;
  /** Shell command that runs last, with the target as `$1`. */
  finish?: string;
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The arguments of mmdebstrap(1). */
export function mmdebstrapArgs(bootstrap: Bootstrap): string[] {
  const place = Object.entries(bootstrap.files).map(
    ([path, source]) =>
      `--setup-hook=mkdir -p "$(dirname "$1"${quote(path)})" && cp ${quote(source)} "$1"${quote(path)}`,
  );
  const archives = '"$1"/var/cache/apt/archives/';
  return [
    '--mode=root',
    `--variant=${bootstrap.variant}`,
    `--architectures=${debianArchitecture[bootstrap.architecture]}`,
    `--include=${bootstrap.packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    ...bootstrap.aptOptions.map((option) => `--aptopt=${option}`),
    ...pathExcludes.map((path) => `--dpkgopt=path-exclude=${path}`),
    // Hard links: a package is downloaded once, and kept for the next build.
    '--skip=download/empty,essential/unlink,cleanup/apt/cache',
    `--setup-hook=mkdir -p ${archives} && cp -al ${quote(bootstrap.debs)}/. ${archives}`,
    ...place,
    ...(bootstrap.finish === undefined ? [] : [`--customize-hook=${bootstrap.finish}`]),
    releases[0],
    bootstrap.target,
    ...releases.map((release) => `deb [signed-by=${keyring}] ${bootstrap.mirror} ${release} main`),
  ];
}
