import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { didYouMean } from '../../harness/did-you-mean.ts';
import { UsageError } from '../../harness/errors.ts';
import { contractSchema } from './contract.ts';
import type { Contract } from './contract.ts';
import { firstProblem } from './first-problem.ts';
import { lilith } from './systems/lilith.ts';
import { nixCommunity } from './systems/nix-community.ts';
import { perHostIso } from './systems/per-host-iso.ts';
import { nixosImages } from './systems/nixos-images.ts';
import { referenceContract } from './systems/reference.ts';

const builtIn: Record<string, () => Contract | Promise<Contract>> = {
  'nixos-images': () => nixosImages,
  'nix-community': () => nixCommunity,
  'per-host-iso': () => perHostIso,
  lilith: () => lilith,
  reference: referenceContract,
};

/** The names of the contracts that come with the harness. */
export const contractNames = Object.keys(builtIn);

async function readContract(path: string, file: string): Promise<Contract> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    throw new UsageError(
      'contract-unreadable',
      code === 'ENOENT'
        ? `There is no contract '${path}': expected one of ${contractNames.join(', ')}, or the path of a JSON file${didYouMean(path, contractNames)}.`
        : `The contract '${path}' cannot be read (${code}): expected a JSON file.`,
      { cause },
    );
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(
      'contract-not-json',
      `The contract '${path}' is no JSON: ${(cause as Error).message}.`,
      { cause },
    );
  }
  const { success, data: contract, error } = contractSchema.safeParse(data);
  if (!success)
    throw new UsageError(
      'contract-invalid',
      `The contract '${path}' is wrong at ${firstProblem(error, data)}.`,
    );
  return contract;
}

/**
 * Finds a contract by its built-in name, else reads it from a JSON file.
 * @param directory what the file's path is relative to.
 * @throws UsageError one sentence: which field, what was expected, what was got.
 */
export async function loadContract(nameOrFile: string, directory = '.'): Promise<Contract> {
  const named = Object.hasOwn(builtIn, nameOrFile) ? builtIn[nameOrFile] : undefined;
  if (named !== undefined) return named();
  const file = resolve(directory, nameOrFile);
  return withPrivateKey(await readContract(nameOrFile, file), dirname(file), nameOrFile);
}

/**
 * A contract whose private keys, if it names any, are there.
 * @param directory what a key's path is relative to.
 * @param name of the contract or its file, for a message.
 * @throws UsageError `contract-private-key`
 */
export async function withPrivateKey(
  contract: Contract,
  directory: string,
  name = contract.name,
): Promise<Contract> {
  const found = async <Sshd extends Contract['sshd'] | undefined>(
    sshd: Sshd,
    field: string,
  ): Promise<Sshd> => {
    if (sshd?.privateKey === undefined) return sshd;
    const path = resolve(directory, sshd.privateKey);
    await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      throw new UsageError(
        'contract-private-key',
        `The contract '${name}' is wrong at ${field}: expected a readable file, got '${path}' (${cause.code}).`,
        { cause },
      );
    });
    return { ...sshd, privateKey: path };
  };
  const common = { ...contract, sshd: await found(contract.sshd, 'sshd.privateKey') };
  if (contract.formats === undefined) return common;
  const formats = { ...contract.formats };
  for (const [format, own] of Object.entries(formats)) {
    if (own.sshd === undefined) continue;
    formats[format] = { ...own, sshd: await found(own.sshd, `formats.${format}.sshd.privateKey`) };
  }
  return { ...common, formats };
}
