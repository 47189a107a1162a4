import { machine, platform } from 'node:os';
import { execa } from 'execa';
import { z } from 'zod';
import { UsageError } from '../errors.ts';

interface Options {
  /** Package names that are built for a reference without an attribute. */
  formats: readonly string[];
  /** A line of what nix says as it builds. */
  onProgress?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

const experimental = ['--extra-experimental-features', 'nix-command flakes'];
/** Lines of nix's message that a person gets to see. */
const tailLines = 20;

/** Nix's name of the system we run on, e.g. `x86_64-linux`; macOS has another word for the processor. */
const nixSystem = `${machine().replace(/^arm64$/, 'aarch64')}-${platform()}`;

/**
 * Builds flake references and returns their output paths. A reference without an attribute means those packages of the
 * flake for this system that are called like a format.
 * @throws UsageError `flake-bad-reference`, `flake-no-nix`, `flake-no-package`, `flake-evaluation`, `flake-build`
 */
export async function buildFlake(
  refs: readonly string[],
  { formats, onProgress, signal }: Options,
): Promise<string[]> {
  const installables: string[] = [];
  for (const ref of refs) installables.push(...(await installablesOf(ref, formats, signal)));
  if (installables.length === 0) return [];
  const stdout = await nix(
    ['build', ...installables, '--no-link', '--print-out-paths', ...experimental],
    { code: 'flake-build', doing: `building ${installables.join(' ')}` },
    { onProgress, signal },
  );
  return stdout.split('\n').filter(Boolean);
}

async function installablesOf(
  ref: string,
  formats: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const [flake = '', attribute = ''] = ref.split('#', 2);
  if (ref.startsWith('-') || ref === '' || ref.startsWith('#')) {
    throw new UsageError(
      'flake-bad-reference',
      `--flake: expected a flake reference such as . or github:owner/repository#format, got "${ref}"; name the flake.`,
    );
  }
  if (attribute !== '') return [ref];
  const stdout = await nix(
    ['eval', '--json', `${flake}#packages.${nixSystem}`, '--apply', 'builtins.attrNames', ...experimental],
    { code: 'flake-evaluation', doing: `listing the packages of ${flake}` },
    { signal },
  );
  const names = z.array(z.string()).parse(JSON.parse(stdout));
  const known = names.filter((name) => formats.includes(name));
  if (known.length > 0) return known.map((name) => `${flake}#${name}`);
  throw new UsageError(
    'flake-no-package',
    `${ref}: expected packages for ${nixSystem} that are called like a format, got ${names.join(', ') || 'none'}; name one: ${flake}#<package>.`,
    { hint: `Formats: ${formats.join(', ')}.` },
  );
}

async function nix(
  args: readonly string[],
  { code, doing }: { code: string; doing: string },
  { onProgress, signal }: Omit<Options, 'formats'>,
): Promise<string> {
  const {
    exitCode,
    code: errorCode,
    stdout,
    stderr,
  } = await execa('nix', args, {
    reject: false,
    stdin: 'ignore',
    stderr: function* (line: string) {
      onProgress?.(line);
      yield line;
    },
    ...(signal && { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  if (exitCode === 0) return stdout;
  if (errorCode === 'ENOENT') {
    throw new UsageError(
      'flake-no-nix',
      '--flake: expected nix on PATH to build with, got none; install nix, or build elsewhere and use --images.',
    );
  }
  const lines = stderr.trimEnd().split('\n');
  const told =
    lines.findLast((line) => /^\s*error: ./.test(line))?.trim() ?? `nix ended with exit code ${exitCode}`;
  throw new UsageError(code, `--flake: expected ${doing} to succeed, got "${told}"; mend the flake.`, {
    hint: lines.slice(-tailLines).join('\n'),
  });
}
