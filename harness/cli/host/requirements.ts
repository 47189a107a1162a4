import { referenceRequirements } from '../../../reference/requirements.ts';
import { scenarioRequirements } from '../../../scenarios/requirements.ts';
import { imageRequirements } from '../../images/requirements.ts';
import { machineRequirements } from '../../machine/requirements.ts';
import type { Requirement } from '../../requirement.ts';
import type { Options } from '../options/options.ts';

/** What the host must have for this command line. */
export function requirementsFor({
  images,
  flakes,
  list,
}: Pick<Options, 'images' | 'flakes' | 'list'>): Requirement[] {
  const ownImages = images.length === 0 && flakes.length === 0;
  return [
    ...imageRequirements,
    ...(ownImages ? referenceRequirements : []),
    ...(list ? [] : [...machineRequirements, ...scenarioRequirements]),
  ];
}
