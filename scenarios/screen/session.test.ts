import { expect, it } from 'vitest';
import { describeSession, isOpen, parseSession } from './session.ts';

/** systemd 257, shortened. */
const cage = `Id=8\r
User=1000\r
Name=person\r
VTNr=1\r
Seat=seat0\r
Service=login\r
Type=wayland\r
Class=user\r
Active=yes\r
LockedHint=no\r
`;

it.each([
  ['somebody is logged in', cage, true, 'the graphical session of person (wayland, by login)'],
  [
    'somebody is, in a class of session that systemd 256 brought',
    cage.replace('Class=user', 'Class=user-early'),
    true,
    'the graphical session of person (wayland, by login)',
  ],
  [
    'somebody is about to be',
    cage.replace('Class=user', 'Class=user-incomplete'),
    false,
    'a graphical login is shown there (user-incomplete of login, run by person)',
  ],
  [
    'it is locked',
    cage.replace('Hint=no', 'Hint=yes'),
    false,
    'the graphical session of person (wayland, by login) is locked',
  ],
  [
    'it asks who is there',
    cage
      .replace('Class=user', 'Class=greeter')
      .replace('=login', '=gdm-launch-environment')
      .replace('person', 'gdm'),
    false,
    'a graphical login is shown there (greeter of gdm-launch-environment, run by gdm)',
  ],
])('%s', (_, output, open, told) => {
  const session = parseSession(output);
  expect(session).toMatchObject({ uid: 1000, type: 'wayland' });
  expect(session && [isOpen(session), describeSession(session)]).toEqual([open, told]);
});

it.each([
  ['of text', cage.replace('wayland', 'tty')],
  ['there is none', ''],
  ['it has no user', cage.replace('User=1000', 'User=')],
])('none: %s', (_, output) => {
  expect(parseSession(output)).toBeNull();
});
