import { engines } from '../version.ts';
import { findMissing } from '../host/find-missing.ts';
import { requirementsFor } from '../host/requirements.ts';
import { onPath } from '../../machine/process/on-path.ts';
import { type Finding, good } from './finding.ts';
import { installing } from './packages.ts';

/** Node, and every program and file of the requirements tables that a run of somebody's own images needs. */
export async function programs(): Promise<Finding[]> {
  const requirements = requirementsFor({ images: ['.'], flakes: [], list: false });
  const once = [...new Map(requirements.map((one) => [one.command ?? one.file, one])).values()];
  const missing = new Set(await findMissing(once));
  return [
    good('node', `${process.version}, of ${engines.node} that are supported`),
    ...once.map((one): Finding => {
      const topic = one.command ?? one.file ?? one.package;
      if (!missing.has(one)) return good(topic, `there: ${one.reason}`);
      const isOptional = one.package === 'ipxe';
      return {
        topic,
        state: isOptional ? 'limited' : 'lacking',
        found: `not there: ${one.reason}`,
        remedy: installing(one.package),
      };
    }),
    await nix(),
  ];
}

async function nix(): Promise<Finding> {
  const path = await onPath('nix');
  if (path !== null) return good('nix', path);
  return {
    topic: 'nix',
    state: 'limited',
    found: 'not on PATH; only --flake needs it',
    remedy: { ...installing('nix-bin'), macos: 'curl -L https://nixos.org/nix/install | sh' },
  };
}
