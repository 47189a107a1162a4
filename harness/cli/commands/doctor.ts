import { Command } from 'commander';
import type { Arch } from '../../images/image.ts';
import { commandName } from '../called.ts';
import { formats } from '../doctor/formats.ts';
import { accelerators, host } from '../doctor/host.ts';
import { ipxe } from '../doctor/ipxe.ts';
import { print } from '../doctor/print.ts';
import { programs } from '../doctor/programs.ts';
import { qemu } from '../doctor/qemu.ts';
import { thisSystem } from '../doctor/system.ts';
import { exitCodes } from '../exit-code.ts';
import { readCommandLine } from '../options/read.ts';
import type { Run } from './command.ts';

const archs: readonly Arch[] = ['x86_64', 'aarch64'];

/** Looks at the host and changes nothing. Exit code 3 where something lacks that a run needs. */
export const doctor: Run = async (args) => {
  const program = new Command(`${commandName} doctor`)
    .description('Tells what this host has and lacks for booting images, and the line that mends it.')
    .option('--json', 'print the findings as JSON, with the remedies for every system', false);
  if (!readCommandLine(program, args)) return exitCodes.passed;
  const found = [
    ...(await programs()),
    ...(await Promise.all(archs.map((arch) => qemu(arch)))).flat(),
    await ipxe(),
    ...(await accelerators(archs)),
    ...(await host()),
  ];
  const findings = [...found, ...formats(found)];
  const isGood = findings.every(({ state }) => state !== 'lacking');
  process.stdout.write(
    program.opts<{ json: boolean }>().json
      ? `${JSON.stringify({ good: isGood, findings }, null, 2)}\n`
      : print(findings, await thisSystem()),
  );
  return isGood ? exitCodes.passed : exitCodes.host;
};
