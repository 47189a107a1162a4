/** Runs a QMP command. */
type Execute = (execute: string, args?: Record<string, unknown>) => Promise<unknown>;

/** Runs a line of QEMU's human monitor, for what QMP has no command for; answers with what it prints. */
export const askMonitor = async (qmp: Execute, line: string): Promise<string> =>
  String(await qmp('human-monitor-command', { 'command-line': line }));
