/** Compares the recorded inventories of a directory and prints what it took; a process of its own, whose memory is its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareRun } from '../harness/cli/runs/compare-run.ts';
import { baselineText, readBaseline } from '../harness/compare/baseline.ts';
import { InventoryReader } from '../harness/compare/read-inventory.ts';
import { runOf } from '../harness/compare/testing/cells.ts';

const [out = ''] = process.argv.slice(2);
const seconds = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};

const began = process.cpuUsage();
const reader = new InventoryReader();
const cells = readdirSync(join(out, 'cells')).map((id) => {
  const [format = '', arch = ''] = id.split('.');
  const text = readFileSync(join(out, 'cells', id, 'inventory.json'), 'utf8');
  return { id, format, arch, verdict: 'passed', reason: '', checks: [], inventory: reader.read(text) };
});
const run = runOf(...cells);
const alone = compareRun(run, {});
const across = seconds(began);
const then = process.cpuUsage();
const earlier = readBaseline(baselineText([run]), 'baseline.json');
const compared = compareRun(run, { differences: { drift: 'ignore' } }, { earlier });
const against = seconds(then);

const [, kibibytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
const told = {
  across,
  against,
  mebibytes: Number(kibibytes) / 1024,
  drifts: alone?.across.drifts.length,
  changes: compared?.against?.changes.length,
};
process.stdout.write(JSON.stringify(told));
