import { HostError } from '../../errors.ts';
import { shortageIn } from '../../shortage.ts';

/** QEMU's event BLOCK_IO_ERROR: a file of the host could not be read or written, which the guest takes for its disk's fault. */
export function diskError(data: Record<string, unknown>): HostError {
  const { operation = 'access', reason = 'unknown', nospace } = data;
  const told = `QEMU met an I/O error on the guest's disk (${String(operation)})`;
  const said = nospace === true ? 'No space left on device' : String(reason);
  return (
    shortageIn(said, told) ??
    new HostError('disk-io', `${told}; it said: ${said}`, {
      hint: "Look into the kernel's log (dmesg) for the disk's errors.",
      transient: true,
    })
  );
}
