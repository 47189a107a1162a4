import { quote } from '../harness/shell-quote.ts';
import { ask, fieldsOf } from './ask.ts';
import { conclude, scenario } from './scenario.ts';

/** What systemd says of a unit, in the contract's words. */
function stateOf(told: string): string {
  const [load, active = ''] = told.split(' ');
  return load === 'not-found' || load === 'masked' ? 'absent' : active;
}

/** A line for each unit: its name, whether it is there, and whether it runs. */
const script = (units: readonly string[]): string => `for unit in ${units.map(quote).join(' ')}; do
  set -- $(systemctl show --property=LoadState --value -- "$unit") $(systemctl show --property=ActiveState --value -- "$unit")
  echo "$unit $1 $2"
done`;

/** Units that run, that do not, and that are not there. */
export const units = scenario('units', { contract: 'units', readOnly: true }, async ({ guest, contract }) => {
  const promised = Object.entries(contract.units);
  const got = fieldsOf(await ask(guest, 'systemctl show', script(promised.map(([unit]) => unit))));
  return conclude(
    promised.map(([unit, state]) => {
      const found = stateOf(got.get(unit) ?? '');
      // One that is not there does not run either.
      const holds = found === state || (state === 'inactive' && found === 'absent');
      return holds ? null : `expected ${unit} to be ${state}, got ${found || 'no answer'}`;
    }),
  );
});
