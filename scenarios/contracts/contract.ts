/** What one family of images promises: plain data, so that a contract can also be a JSON file. */
export interface Contract {
  name: string;
  autologin: {
    /** Who is logged in on the virtual screen (tty1), without a password; null: nobody. */
    screen: string | null;
    /** Who is logged in on the serial console, by format; `default` for the others; null: nobody. */
    serial: Record<string, string | null>;
  };
  /** How to log in by hand on serial where no one is logged in automatically; null: not promised. */
  login: { user: string; password: string } | null;
  sshd: {
    user: string;
    /** One line of authorized_keys that must be in place. */
    authorizedKey: string;
    /** Path of the private half, if the harness has it; relative to the contract's file. */
    privateKey?: string;
    permitRootLogin: 'yes' | 'prohibit-password' | 'no';
  } | null;
  flakes: { experimentalFeatures: string[] } | null;
  /** XKB layout and variant on the virtual screen. */
  keyboard: { layout: string; variant: string } | null;
}
