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
  ['# kernel no\nchain http://x/menu\nkernel\ninitrd --name', ['menu'], []],
  ['initrd initrd\nchain bzImage init=/x', ['bzImage'], ['initrd']],
  ['initrd initrd\nchain --autofree --replace http://x/bzImage', ['bzImage'], ['initrd']],
  ['kernel bzImage\nmodule ucode\nmodule initrd\nboot', ['bzImage'], ['ucode', 'initrd']],
  ['imgfetch --name k http://x/bzImage init=/x\nimgfetch initrd\nboot k', ['bzImage'], ['initrd']],
  [
    'imgfetch bzImage\nimgfetch initrd\nimgselect bzImage\nimgargs bzImage a=b\nimgexec',
    ['bzImage'],
    ['initrd'],
  ],
  ['imgload bzImage\ninitrd initrd\nboot bzImage || shell', ['bzImage'], ['initrd']],
  [
    'kernel bzImage-${buildarch}\ninitrd initrd-${buildarch:string}',
    ['bzImage-x86_64', 'bzImage-arm64', 'bzImage-i386'],
    ['initrd-x86_64', 'initrd-arm64', 'initrd-i386'],
  ],
  [
    'cpuid --ext 29 && set arch amd64 || set arch i386\niseq ${platform} efi && kernel k-${arch} || kernel k.${platform}\ninitrd initrd',
    ['k-i386', 'k-amd64', 'k.efi', 'k.pcbios'],
    ['initrd'],
  ],
  ['kernel linux-6.1%2Brt\ninitrd a%20b%2Fc\ninitrd x%', ['linux-6.1+rt'], ['x%']],
] as const)('%s', ([text, kernels, initrds]) => {
  const script = readIpxeScript(`#!ipxe\n${text}\n`);
  expect({ kernels: script.kernels, initrds: script.initrds.flat() }).toEqual({ kernels, initrds });
});

test('the command line of each kernel', () => {
  const text = 'kernel a init=/x quiet || goto b\n:b\nkernel -n k http://x/b root=${base}\nkernel c';
  expect(readIpxeScript(text).options).toEqual(['init=/x quiet', 'root=${base}', '']);
});

test('a command line may come later, and by the name of what was fetched', () => {
  const options = (text: string): string[] => readIpxeScript(text).options;
  expect(options('imgselect k a=b\nboot k')).toEqual(['a=b']);
  expect(options('kernel k\nimgargs k a=b\nboot')).toEqual(['a=b']);
  expect(options('initrd i\nchain k a=b || shell')).toEqual(['a=b']);
});

test.each([
  ['one line of many settings', `set a ${'x'.repeat(900_000)}\nkernel ${'${a}'.repeat(600)}\n`],
  ['a setting that doubles', `set a xxxxxxxx\n${'set a ${a}${a}\n'.repeat(60)}kernel \${a}\n`],
])('what settings add is bounded: %s', (_, text) => {
  const { kernels } = readIpxeScript(text);
  expect(kernels.join('').length).toBeLessThan(4 << 20);
});
