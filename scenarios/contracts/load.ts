import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { UsageError } from '../../harness/errors.ts';
import { contractSchema } from './contract.ts';
import type { Contract } from './contract.ts';
import { firstProblem } from './first-problem.ts';
import { nixosImages } from './nixos-images.ts';
import { referenceContract } from './reference.ts';

const builtIn: Record<string, () => Contract | Promise<Contract>> = {
  'nixos-images': () => nixosImages,
  reference: referenceContract,
};

async function readContract(path: string): Promise<Contract> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const names = Object.keys(builtIn).join(', ');
    throw new UsageError(
      'contract-unreadable',
      code === 'ENOENT'
        ? `There is no contract '${path}': expected one of ${names}, or the path of a JSON file.`
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
 * @throws UsageError one sentence: which field, what was expected, what was got.
 */
export async function loadContract(nameOrFile: string): Promise<Contract> {
  const named = Object.hasOwn(builtIn, nameOrFile) ? builtIn[nameOrFile] : undefined;
  if (named !== undefined) return named();
  const contract = await readContract(nameOrFile);
  const privateKey = contract.sshd?.privateKey;
  if (contract.sshd === null || privateKey === undefined) return contract;
  const path = resolve(dirname(nameOrFile), privateKey);
  await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      'contract-private-key',
      `The contract '${nameOrFile}' is wrong at sshd.privateKey: expected a readable file, got '${path}' (${cause.code}).`,
      { cause },
    );
  });
  return { ...contract, sshd: { ...contract.sshd, privateKey: path } };
}
