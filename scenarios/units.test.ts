import { expect, it } from 'vitest';
import { reasonOf } from '../test/guest-programs.ts';
import { units } from './units.ts';

const systemctl = `case "$1 $2 $5" in
is-system-running*) echo running ;;
'show --property=LoadState here.service' | 'show --property=LoadState off.service') echo loaded ;;
'show --property=LoadState masked.service') echo masked ;;
'show --property=LoadState '*) echo not-found ;;
'show --property=ActiveState here.service') echo active ;;
show*) echo inactive ;;
esac`;

const reason = (promised: Record<string, 'active' | 'inactive' | 'absent'>) =>
  reasonOf(units, { units: promised }, { systemctl });

it('passes where each is as promised', async () => {
  expect(
    await reason({
      'here.service': 'active',
      'off.service': 'inactive',
      'gone.service': 'inactive',
      'masked.service': 'absent',
      'none.timer': 'absent',
    }),
  ).toBe('');
});

it('tells each that is not', async () => {
  expect(
    await reason({ 'off.service': 'active', 'here.service': 'inactive', 'gone.service': 'active' }),
  ).toBe(
    'expected off.service to be active, got inactive; expected here.service to be inactive, got active; expected gone.service to be active, got absent',
  );
  expect(await reason({ 'off.service': 'absent' })).toBe('expected off.service to be absent, got inactive');
});

it('is not content with no answer', async () => {
  expect(await reasonOf(units, { units: { 'a.service': 'inactive' } }, { systemctl: 'exit 1' })).toBe(
    'expected a.service to be inactive, got no answer',
  );
});
