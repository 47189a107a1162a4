/** What went wrong, in the three ways that a release gate must tell apart: the caller, the guest, the host. */

interface Details {
  /** What a person can do about it, one sentence. */
  hint?: string | undefined;
  cause?: unknown;
}

/** Base of every error that we raise on purpose: `code` is stable, `message` is one sentence for a person. */
export class BootMatrixError extends Error {
  override name = 'BootMatrixError';
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, details: Details = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }
}

/** Bad usage or bad input: exit code 2, nothing boots. The message says what was expected, what was got, what to do. */
export class UsageError extends BootMatrixError {
  override name = 'UsageError';
}

/** The host or the harness could not do its part: verdict `error`, exit code 3; never held against the guest. */
export class HostError extends BootMatrixError {
  override name = 'HostError';
  /** Another attempt may go better, with nobody doing anything about it: a program is missing each time, memory is not. */
  readonly transient: boolean;

  constructor(code: string, message: string, details: Details & { transient?: boolean } = {}) {
    super(code, message, details);
    this.transient = details.transient ?? false;
  }
}

/** The guest did not do its part: verdict `failed`, exit code 1. `evidence` is what was seen, raw. */
export class GuestError extends BootMatrixError {
  override name = 'GuestError';
  readonly evidence: string | undefined;
  /** It was waited for in vain, for which a host that gave the machine no processor may be to blame. */
  readonly ranOut: boolean;
  /** It tells how a boot ended and not why: neither the guest's console nor its screen had a word of it. */
  readonly unexplained: boolean;

  constructor(
    code: string,
    message: string,
    details: Details & { evidence?: string; ranOut?: boolean; unexplained?: boolean } = {},
  ) {
    super(code, message, details);
    this.evidence = details.evidence;
    this.ranOut = details.ranOut ?? false;
    this.unexplained = details.unexplained ?? false;
  }
}
