import { runningJobPattern } from './running-job.ts';
import type { FatalSign, SuspiciousSign } from './sign.ts';

const phase = 'userspace';
const because = [
  'no-init',
  'missing-device',
  'unit-failed',
  'dependency-failed',
  'emergency-action',
  'io-error',
  'out-of-memory',
];
const emergency = {
  phase,
  code: 'emergency-mode',
  sentence: 'systemd: emergency mode',
  elsewhere: { initrd: 'initrd: emergency shell' },
  because,
} as const;

/** How systemd tells of a unit: on the console with a status in brackets, in the log with its name. */
const status = (word: string): string => String.raw`^(?:\[ *${word} *\]|systemd\[1\]:) `;
/** `sshd.service - OpenSSH Daemon` is best known as the one, `dev-x.device - /dev/x` as the other. */
const unit = String.raw`(?:(\S+\.(?:service|socket|target|timer|path|slice|scope))(?: - .+?)?|(?:\S+ - )?(.+?))`;

/** systemd, in an initrd and after it, and the programs that it starts to ask for help or a name. */
export const systemdFatal: readonly FatalSign[] = [
  {
    ...emergency,
    pattern: /^(?:You are in emergency mode|Welcome to emergency mode!)/,
    source: 'systemd src/sulogin-shell/sulogin-shell.c, units/emergency.service.in before 230',
  },
  {
    ...emergency,
    pattern:
      /^(?:\[ *OK *\]|systemd\[1\]:) Reached target (?:emergency\.target(?: - Emergency Mode)?|Emergency Mode)\.?$/,
    source: 'systemd units/emergency.target',
  },
  {
    ...emergency,
    code: 'rescue-mode',
    pattern: /^You are in rescue mode/,
    sentence: 'systemd: rescue mode',
    source: 'systemd src/sulogin-shell/sulogin-shell.c',
  },
  {
    ...emergency,
    pattern: /^Cannot open access to console, the root account is locked/,
    sentence: 'systemd: emergency mode, with root locked out',
    elsewhere: { initrd: 'initrd: emergency shell, with root locked out' },
    source: 'util-linux login-utils/sulogin.c',
  },
  {
    ...emergency,
    pattern:
      /^(?:(?:Give|Enter) root password for (?:system )?maintenance|Press Enter for (?:system )?maintenance)$/,
    source: 'util-linux login-utils/sulogin.c; `Enter` and `system` since 2.42',
  },
  {
    ...emergency,
    pattern:
      /^(?:\(or press Control-D to continue\):|(?:Give|Enter) root password for login:|Press Enter for login:) ?$/,
    source: 'util-linux login-utils/sulogin.c: what stands after the line above, or alone on one line',
    prompt: true,
  },
  {
    phase,
    code: 'systemd-froze',
    pattern: /^\[!!!!!!\] (.+?)\.?$/,
    sentence: 'systemd gave up: $1',
    elsewhere: { kernel: 'systemd gave up: $1', initrd: 'initrd: systemd gave up: $1' },
    because,
    source: 'systemd src/core/main.c, src/core/manager.c: EMERGENCY status',
  },
  {
    phase,
    code: 'systemd-froze',
    pattern: /^systemd\[1\]: Freezing execution\b/,
    sentence: 'systemd gave up and froze',
    elsewhere: { kernel: 'systemd gave up and froze', initrd: 'initrd: systemd gave up and froze' },
    because,
    source: 'systemd src/core/crash-handler.c',
  },
  {
    phase: 'login',
    code: 'login-loop',
    pattern: /\blogin: (\S+) \(automatic login\)/,
    sentence: 'login loops: $1 was logged in by itself again and again, and no shell stayed',
    because: ['no-login-shell'],
    source: 'util-linux term-utils/agetty.c',
    times: 4,
  },
];

export const systemdSuspicious: readonly SuspiciousSign[] = [
  {
    phase: 'initrd',
    code: 'missing-device',
    pattern: new RegExp(`${status('TIME')}Timed out waiting for device ${unit}\\.?$`),
    clause: 'waiting for $1',
    byClock: true,
    source: 'systemd src/core/device.c',
  },
  {
    phase: 'initrd',
    code: 'missing-device',
    pattern:
      /^systemd\[1\]: (dev-\S+)\.device: Job \S+\.device\/start (?:timed out|failed with result 'timeout')\.$/,
    isUnitPath: true,
    clause: 'waiting for $1',
    byClock: true,
    source:
      'systemd src/core/job.c, in the log: what a narrow screen still shows when the line above has gone',
  },
  {
    phase: 'initrd',
    code: 'waiting',
    pattern: runningJobPattern,
    clause: 'waiting for $1',
    source: 'systemd src/core/manager.c, manager_print_jobs_in_progress',
    latest: true,
    over: new RegExp(status('(?:OK|FAILED|TIME|DEPEND)')),
  },
  {
    phase: 'initrd',
    code: 'unit-failed',
    pattern: new RegExp(
      `${status('FAILED')}Failed (?:to (?:start|mount|listen on|activate swap|set up automount|unset automount|unmount|stop)|unmounting|deactivating swap|stopping) ${unit}\\.?$`,
    ),
    clause: 'failed units $1',
    source: 'systemd src/core/job.c, and for kinds of units their status_message_formats',
  },
  {
    phase: 'initrd',
    code: 'unit-failed',
    pattern: new RegExp(`${status('ASSERT')}Assertion failed for ${unit}\\.?$`),
    clause: 'failed units $1',
    source: 'systemd src/core/job.c',
  },
  {
    phase: 'initrd',
    code: 'unit-failed',
    pattern: new RegExp(
      `${status('TIME')}Timed out (?:starting|mounting|activating swap|stopping|unmounting|deactivating swap|reloading) ${unit}\\.?$`,
    ),
    clause: 'failed units $1',
    byClock: true,
    source: 'systemd src/core/job.c',
  },
  {
    phase: 'initrd',
    code: 'dependency-failed',
    pattern: new RegExp(`${status('DEPEND')}Dependency failed for ${unit}\\.?$`),
    clause: 'given up: $1',
    consequence: true,
    source: 'systemd src/core/job.c',
  },
  {
    phase: 'initrd',
    code: 'emergency-action',
    pattern: /^\[ {2}!! {2}\] (?!This OS version )(.+?)(?:, proceeding in 5s)?\.?$/,
    clause: 'systemd said $1',
    source:
      'systemd src/core/emergency-action.c; src/core/main.c, where it also tells of a version out of support',
  },
  {
    phase,
    code: 'activation-failed',
    pattern: /^Activation script snippet '(.+)' failed/,
    clause: 'NixOS activation failed in $1',
    source: 'nixpkgs nixos/modules/system/activation/activation-script.nix',
  },
  {
    phase: 'login',
    code: 'no-login-shell',
    pattern: /^(?:-?\w+| -- [\w.-]+): ((?:couldn't exec|cannot execute|no shell|failed to execute)\b.*)$/i,
    clause: '$1',
    source:
      "util-linux login-utils/login.c, where the title that it gives itself is left of the program's name",
  },
  {
    phase: 'login',
    code: 'no-login-shell',
    pattern: /^(This account is currently not available)\.$/,
    clause: '$1',
    source: 'util-linux login-utils/nologin.c; shadow src/nologin.c',
  },
  {
    phase: 'login',
    code: 'getty-failed',
    pattern: /\b(\S*getty@\S+\.service): (?:Start request repeated too quickly|Scheduled restart job)/,
    clause: '$1 starts again and again',
    source: 'systemd src/core/unit.c, src/core/service.c',
  },
];
