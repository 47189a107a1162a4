/** The removable medium that the machine was started from: a disc or a stick. */
export interface Medium {
  readonly kind: 'disc' | 'stick';
  /** Pulls it, as a person does who does not ask the guest before. */
  pull(): Promise<void>;
  /** Puts it back where it was. */
  putBack(): Promise<void>;
}
