import { z } from 'zod';

const file = z.object({ filename: z.string().startsWith('/'), format: z.enum(['raw', 'qcow2']) });

/**
 * One of QEMU's firmware descriptors, as far as a pair of flash code and variables template goes:
 * https://gitlab.com/qemu-project/qemu/-/blob/master/docs/interop/firmware.json
 */
const descriptor = z.object({
  description: z.string(),
  'interface-types': z.array(z.string()),
  mapping: z.looseObject({
    device: z.string(),
    // Absent means `split`: code and variables are two files.
    mode: z.string().optional(),
    executable: file.optional(),
    'nvram-template': file.optional(),
  }),
  targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()),
});

/** UEFI code and the template of its variables, as a descriptor of the host names them. */
export interface Firmware {
  code: string;
  codeFormat: string;
  variables: string;
  variablesFormat: string;
  /** The descriptor's own words. */
  description: string;
}

/** What an image cannot be asked to pass: Secure Boot with keys enrolled, or a machine with SMM. */
const unwanted = new Set(['enrolled-keys', 'requires-smm', 'secure-boot']);

/**
 * The firmware that a descriptor offers to this kind of machine, or null when it is for others.
 * @param machineType QEMU's name without the version, e.g. `pc-q35`.
 * @throws an error when the text is no descriptor.
 */
export function readDescriptor(text: string, architecture: string, machineType: string): Firmware | null {
  const { description, mapping, targets, features, ...rest } = descriptor.parse(JSON.parse(text));
  const { executable, 'nvram-template': template, mode = 'split' } = mapping;
  const isTarget = targets.some(
    (target) =>
      target.architecture === architecture && target.machines.some((glob) => matches(glob, machineType)),
  );
  if (!isTarget || !rest['interface-types'].includes('uefi') || features.some((one) => unwanted.has(one)))
    return null;
  if (mapping.device !== 'flash' || mode !== 'split' || executable === undefined || template === undefined)
    return null;
  return {
    code: executable.filename,
    codeFormat: executable.format,
    variables: template.filename,
    variablesFormat: template.format,
    description,
  };
}

/** Whether a descriptor's glob, e.g. `pc-q35-*`, covers the newest version of a machine type. */
function matches(glob: string, machineType: string): boolean {
  const pattern = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`).test(`${machineType}-99.0`);
}
