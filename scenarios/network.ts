import { quote } from '../harness/shell-quote.ts';
import { ask, fieldsOf } from './ask.ts';
import { conclude, scenario } from './scenario.ts';

/** A lease may come a while after the boot is over. */
const leaseScript = `
i=0
until [ -n "$(ip -4 -o addr show scope global)" ] || [ $i -ge 40 ]; do sleep 0.5; i=$((i + 1)); done
ip -4 -o addr show scope global | while read -r _ name _ address _; do echo "address $name $address"; done
ip -4 route show default | while read -r line; do echo "route $line"; done
true`;

const activeScript = (units: readonly string[]): string =>
  units.map((unit) => `echo "${unit} $(systemctl is-active -- ${quote(unit)})"`).join('\n');

/** The network as the guest has it: who manages it, address, route, names, and what is off. */
export const network = scenario(
  'network',
  { contract: 'network', readOnly: true },
  async ({ guest, contract }) => {
    const { address, manager, off = [], resolves = [], route } = contract.network;
    const problems: (string | null)[] = [];
    const units = [...(manager === undefined ? [] : [manager]), ...off];
    if (units.length > 0) {
      const states = fieldsOf(await ask(guest, 'systemctl is-active', activeScript(units)));
      if (manager !== undefined && states.get(manager) !== 'active')
        problems.push(`expected ${manager} to manage the network, which is ${states.get(manager)}`);
      for (const unit of off)
        problems.push(states.get(unit) === 'active' ? `expected ${unit} to be off, got active` : null);
    }
    if (address !== undefined || route !== undefined) {
      const got = fieldsOf(await ask(guest, 'ip addr; ip route', leaseScript));
      const compare = (what: string, name: string, wanted: boolean | undefined): void => {
        const found = got.get(name);
        if (wanted === undefined || wanted === (found !== undefined)) return;
        problems.push(`expected ${wanted ? 'an' : 'no'} ${what}, got ${found ?? 'none'}`);
      };
      compare('IPv4 address', 'address', address);
      compare('IPv4 default route', 'route', route);
    }
    for (const name of resolves) {
      const got = await ask(
        guest,
        `getent ahosts ${name}`,
        `timeout 20 getent ahosts ${quote(name)} | head -n 1`,
      );
      problems.push(got === '' ? `expected the name ${name} to resolve, got no address` : null);
    }
    return conclude(problems);
  },
);
