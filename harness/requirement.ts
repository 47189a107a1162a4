/** A program or file that the host must have, and the Debian package that brings it. */
export interface Requirement {
  /** Looked up on PATH (and in the sbin directories, which a user's PATH lacks). */
  command?: string;
  /** Absolute path that must be readable. */
  file?: string;
  package: string;
  /** What it is for, a few words. */
  reason: string;
}
