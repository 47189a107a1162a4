/**
 * What the client's log (OpenSSH, LogLevel DEBUG2; sshconnect2.c and packet.c) says of a login: which proofs were given,
 * and what the server answered to each. The guest's banner stands in the same log, maybe in front of a line of the client's.
 */

/** A method of authentication that the client began. */
export interface Step {
  /** `none`, `publickey`, `password`, `keyboard-interactive`. */
  method: string;
  /** Whether the client sent it. */
  sent: boolean;
  /** How often the client had to be told a password for it. */
  prompts: number;
  /** `first`: the server took it, as the first of several proofs. Null: none came. */
  answer: 'no' | 'first' | null;
}

export interface LoginLog {
  /** In the order in which they were begun; the client asks by `none` first, to learn the others. */
  steps: Step[];
  /** The methods that the server named, the last time that it did. */
  offered: string[];
  /** By which method the server let us in; null: it did not. */
  letInBy: string | null;
  /** The server ended the connection since it had said no often enough (MaxAuthTries in sshd_config(5)). */
  cutOff: boolean;
  /** The client's last word is that it has nothing more to try. */
  denied: boolean;
}

export function parseLoginLog(log: string): LoginLog {
  const login: LoginLog = { steps: [], offered: [], letInBy: null, cutOff: false, denied: false };
  for (const line of log.split(/\r?\n/)) readLine(line, login);
  login.denied = /: Permission denied \([\w,@.-]*\)\.\s*$/.test(log);
  return login;
}

function readLine(line: string, login: LoginLog): void {
  const begun = /debug1: (?:SSH2_MSG_SERVICE_ACCEPT received|Next authentication method: (\S+))$/.exec(line);
  if (begun !== null) {
    const method = begun[1] ?? 'none';
    login.steps.push({ method, sent: method === 'none', prompts: 0, answer: null });
  }
  const step = login.steps.at(-1);
  if (step === undefined) return;
  if (/debug2: we sent a \S+ packet, wait for reply$/.test(line)) {
    step.sent = true;
    // A password is asked for each time; keyboard-interactive asks what the server wants to know.
    if (step.method === 'password') step.prompts += 1;
  }
  step.prompts += Number(/debug2: input_userauth_info_req: num_prompts (\d{1,3})$/.exec(line)?.[1] ?? 0);
  if (/Authenticated using "[\w-]+" with partial success\.$/.test(line)) step.answer = 'first';
  const methods = /debug1: Authentications that can continue: (\S*)$/.exec(line)?.[1];
  if (methods !== undefined) {
    step.answer ??= 'no';
    login.offered = methods.split(',').filter((method) => method !== '');
  }
  if (/^Received disconnect from \S+ port \d+:2: Too many authentication failures/.test(line)) {
    step.answer ??= 'no';
    login.cutOff = true;
  }
  login.letInBy ??= /^Authenticated to .* using "([\w-]+)"\.?$/.exec(line)?.[1] ?? null;
}

/** What the client says to people. */
export const withoutDebugging = (log: string): string => log.replaceAll(/^debug\d: .*\r?\n?/gm, '').trim();
