import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { AcceleratorName } from '../board/description.ts';
import { proof, type Proof } from './prove.ts';

const kept = z.object({ key: z.string(), proofs: z.partialRecord(z.enum(['kvm', 'hvf', 'tcg']), proof) });

type Proofs = Partial<Record<AcceleratorName, Proof>>;

/** What was proven under the same key; nothing when the file is missing, of another key or unreadable. */
export async function readProofs(file: string, key: string): Promise<Proofs> {
  try {
    const parsed = kept.parse(JSON.parse(await readFile(file, 'utf8')));
    return parsed.key === key ? (parsed.proofs as Proofs) : {};
  } catch {
    return {};
  }
}

/** Keeps proofs; two runs that write at once leave one of the two files whole. */
export async function writeProofs(file: string, key: string, proofs: Proofs): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, JSON.stringify({ key, proofs }));
  await rename(temporary, file);
}
