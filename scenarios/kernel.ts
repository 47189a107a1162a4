import { quote } from '../harness/shell-quote.ts';
import { ask } from './ask.ts';
import { conclude, scenario } from './scenario.ts';

/** Loads a module, or finds that it is built in; says why not. */
const script = (module: string): string => `m=${quote(module)}
modprobe "$m" 2>&1 || exit
[ -d "/sys/module/$(echo "$m" | tr - _)" ] || grep -qs "/$m\\.ko" "/lib/modules/$(uname -r)/modules.builtin" "/run/booted-system/kernel-modules/lib/modules/$(uname -r)/modules.builtin" && echo loaded`;

/** What the kernel was told, and the modules that it can load. */
export const kernel = scenario('kernel', { contract: 'kernel' }, async ({ guest, contract }) => {
  const { commandLine = [], modules = [] } = contract.kernel;
  const problems: (string | null)[] = [];
  if (commandLine.length > 0) {
    const got = await ask(guest, 'cat /proc/cmdline', 'cat /proc/cmdline');
    const words = got.split(/\s+/);
    const missing = commandLine.filter((word) => !words.includes(word));
    problems.push(
      missing.length === 0 ? null : `expected ${missing.join(' ')} on the kernel's command line, got ${got}`,
    );
  }
  for (const module of modules) {
    const got = await ask(guest, `modprobe ${module}`, script(module));
    problems.push(
      /^loaded$/m.test(got)
        ? null
        : `expected the module ${module} to load, got ${got || 'no such module afterwards'}`,
    );
  }
  return conclude(problems);
});
