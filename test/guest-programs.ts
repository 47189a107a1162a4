import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contract } from '../scenarios/contracts/contract.ts';
import type { Outcome, Scenario } from '../scenarios/scenario.ts';
import { bareContract } from './contract.ts';
import { type HostGuest, hostGuest } from './host-guest.ts';
import { scratchDirectory } from './scratch.ts';

/** A guest that is this host, where these programs come before its own; each by the body of its shell script. */
export async function guestWith(programs: Record<string, string> = {}): Promise<HostGuest> {
  const path = await scratchDirectory();
  for (const [name, body] of Object.entries({ systemctl: 'echo running', ...programs }))
    await writeFile(join(path, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return hostGuest({ env: { PATH: `${path}:${process.env['PATH'] ?? ''}` } });
}

/** What a check comes to there with this part of the contract: '' where it passed, else why not. */
export async function reasonOf(
  check: Scenario,
  part: Partial<Contract>,
  programs: Record<string, string> = {},
): Promise<string> {
  const outcome: Outcome = await check.check(await guestWith(programs), { ...bareContract(), ...part });
  if (outcome.verdict === 'passed') return '';
  return outcome.verdict === 'failed' ? outcome.reason : `skipped: ${outcome.reason}`;
}
