import { expect, test } from 'vitest';
import { readIpxeScript } from './ipxe-script.ts';

test.for([
  ['kernel bzImage init=/x initrd=initrd\ninitrd initrd', ['bzImage'], ['initrd']],
  [
    'kernel https://a.org/x/bzImage-x86_64-linux?raw=1#f a=b\r\ninitrd https://a.org/initrd-x86_64-linux\r\n',
    ['bzImage-x86_64-linux'],
    ['initrd-x86_64-linux'],
  ],
  [
    'set base:string http://x/y\nset k vmlinuz\nkernel ${base}/${k} || goto fail\ninitrd -n ucode ${base}/ucode\ninitrd --timeout 5 ${base}/initrd',
    ['vmlinuz'],
    ['ucode', 'initrd'],
  ],
  ['kernel --name=linux \\\n  bzImage \\\n  quiet\ninitrd --name initrd initrd', ['bzImage'], ['initrd']],
  ['kernel ${net0/mac}/bzImage\ninitrd ${net0/mac}', ['bzImage'], []],
  ['kernel ../../etc/shadow\ninitrd ..\ninitrd /', ['shadow'], []],
  ['# kernel no\nchain http://x/menu\nkernel\ninitrd --name', [], []],
] as const)('%s', ([text, kernels, initrds]) => {
  expect(readIpxeScript(`#!ipxe\n${text}\n`)).toMatchObject({ kernels, initrds });
});

test('the command line of each kernel', () => {
  const text = 'kernel a init=/x quiet || goto b\n:b\nkernel -n k http://x/b root=${base}\nkernel c';
  expect(readIpxeScript(text).options).toEqual(['init=/x quiet', 'root=${base}', '']);
});

test.each([
  ['one line of many settings', `set a ${'x'.repeat(900_000)}\nkernel ${'${a}'.repeat(600)}\n`],
  ['a setting that doubles', `set a xxxxxxxx\n${'set a ${a}${a}\n'.repeat(60)}kernel \${a}\n`],
])('what settings add is bounded: %s', (_, text) => {
  const { kernels } = readIpxeScript(text);
  expect(kernels.join('').length).toBeLessThan(4 << 20);
});
