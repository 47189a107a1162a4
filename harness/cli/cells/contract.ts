import type { LoadedConfig } from '../../../config/load.ts';
import type { Contract } from '../../../scenarios/contracts/contract.ts';
import { loadContract, withPrivateKey } from '../../../scenarios/contracts/load.ts';
import type { Options } from '../options/options.ts';

/** The contract that the command line names, else the config's, else the one that goes with the images. */
export async function contractOf(
  { contract, images, flakes }: Pick<Options, 'contract' | 'images' | 'flakes'>,
  config: LoadedConfig | undefined,
): Promise<Contract> {
  if (contract !== undefined) return loadContract(contract);
  if (typeof config?.contract === 'string') return loadContract(config.contract, config.directory);
  if (config?.contract !== undefined) return withPrivateKey(config.contract, config.directory);
  // The reference images keep a stricter contract than the one they stand in for, since we have their key.
  return loadContract(images.length === 0 && flakes.length === 0 ? 'reference' : 'nixos-images');
}
