/** The checks of what a release is published with, in the order in which they run. */
export const releaseCheckNames = [
  'digests',
  'file-names',
  'ipxe-script',
  'fallback-loader',
  'file-sizes',
] as const;
export type ReleaseCheckName = (typeof releaseCheckNames)[number];

/** What whoever publishes asks of a release beyond what its files say. */
export interface ReleaseWishes {
  /** The tag that addresses must have. @default any, but one */
  tag?: string;
  /** MiB that files may have at most, by patterns for their names. @default any size */
  sizes?: Readonly<Record<string, number>>;
}
