/** The systems that remedies are told for. */
export const systems = ['debian', 'fedora', 'arch', 'nixos', 'macos'] as const;
export type System = (typeof systems)[number];

/** `lacking` keeps runs from working; `limited` makes some slower or some cells impossible. */
export type State = 'good' | 'limited' | 'lacking';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, e.g. `qemu-system-x86_64`, `kvm for x86_64`, `format netboot`. */
  topic: string;
  state: State;
  /** What was found, one sentence or a path. */
  found: string;
  /** The line that mends it, by system; absent where it is good, a system absent where it cannot be mended there. */
  remedy?: Partial<Record<System, string>>;
}

export const good = (topic: string, found: string): Finding => ({ topic, state: 'good', found });
