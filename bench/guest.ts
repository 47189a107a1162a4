import { truncate, writeFile } from 'node:fs/promises';

export interface BenchGuest {
  /** Lines of eight bytes that it prints, numbered from 000001. */
  lines: number;
  /** What it prints then, at most 190 characters; it halts after it. */
  text: string;
  /** Timer ticks (18.2 a second) before it prints anything. @default 0 */
  ticks?: number;
}

/** What COM1 is told once a text stands on the screen: nothing that means anything. */
const screenMark = '.';

/** Length of one line that it prints. */
export const lineBytes = 8;

/** How the 100,000th line ends, and every guest that prints a text is told by it: a panic, as Linux prints it. */
export const panicText = '[    1.234567] Kernel panic - not syncing: the benchmark is over\r\n';

const places = { lines: 0x90, ticks: 0x94, text: 0xa0 };

// prettier-ignore
const code = [
  0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xd0,    // xor ax,ax; mov ds,ax; mov ss,ax
  0xbc, 0x00, 0x7c, 0xfc, 0xfb,          // mov sp,0x7c00; cld; sti
  0x66, 0xa1, 0x6c, 0x04,                // mov eax,[0x46c]: the BIOS's count of ticks
  0x66, 0x03, 0x06, 0x94, 0x7c,          // add eax,[ticks]
  0xf4,                                  // pause: hlt
  0x66, 0x39, 0x06, 0x6c, 0x04,          // cmp [0x46c],eax
  0x72, 0xf8,                            // jb pause
  0x66, 0x8b, 0x2e, 0x90, 0x7c,          // mov ebp,[lines]
  0x66, 0x85, 0xed, 0x74, 0x1a,          // line: test ebp,ebp; jz done
  0x66, 0x4d,                            // dec ebp
  0xbf, 0x85, 0x7c,                      // mov di,0x7c85: the last digit
  0xfe, 0x05,                            // carry: inc byte [di]
  0x80, 0x3d, 0x3a, 0x75, 0x06,          // cmp byte [di],':'; jne say
  0xc6, 0x05, 0x30, 0x4f, 0xeb, 0xf3,    // mov byte [di],'0'; dec di; jmp carry
  0xbe, 0x80, 0x7c, 0xe8, 0x0b, 0x00,    // say: mov si,0x7c80; call print
  0xeb, 0xe1,                            // jmp line
  0xbe, 0xa0, 0x7c, 0xe8, 0x03, 0x00,    // done: mov si,text; call print
  0xf4, 0xeb, 0xfd,                      // halt: hlt; jmp halt
  0xac, 0x84, 0xc0, 0x74, 0x11,          // print: lodsb; test al,al; jz end
  0x88, 0xc3, 0xba, 0xfd, 0x03,          // mov bl,al; mov dx,0x3fd (COM1's line status)
  0xec, 0xa8, 0x20, 0x74, 0xfb,          // wait: in al,dx; test al,0x20; jz wait
  0x88, 0xd8, 0xb2, 0xf8, 0xee,          // mov al,bl; mov dl,0xf8; out dx,al
  0xeb, 0xea, 0xc3,                      // jmp print; end: ret
];

// prettier-ignore
const screenCode = [
  0x31, 0xc0, 0x8e, 0xd8, 0x8e, 0xd0,    // xor ax,ax; mov ds,ax; mov ss,ax
  0xbc, 0x00, 0x7c, 0xfc, 0xfb,          // mov sp,0x7c00; cld; sti
  0x66, 0xa1, 0x6c, 0x04,                // mov eax,[0x46c]: the BIOS's count of ticks
  0x66, 0x03, 0x06, 0x94, 0x7c,          // add eax,[ticks]
  0xf4,                                  // pause: hlt
  0x66, 0x39, 0x06, 0x6c, 0x04,          // cmp [0x46c],eax
  0x72, 0xf8,                            // jb pause
  0xbe, 0xa0, 0x7c,                      // mov si,text
  0xac, 0x84, 0xc0, 0x74, 0x09,          // next: lodsb; test al,al; jz told
  0xb4, 0x0e, 0xbb, 0x07, 0x00,          // mov ah,0x0e; mov bx,7
  0xcd, 0x10, 0xeb, 0xf2,                // int 0x10: write al; jmp next
  0xba, 0xf8, 0x03,                      // told: mov dx,0x3f8 (COM1)
  0xb0, screenMark.charCodeAt(0), 0xee,  // mov al,the mark; out dx,al
  0xf4, 0xeb, 0xfd,                      // halt: hlt; jmp halt
];

/** A disk whose boot sector prints a text on the screen, by the BIOS, and the mark to COM1 once it stands there. */
export const writeScreenDisk = (path: string, guest: Pick<BenchGuest, 'text' | 'ticks'>): Promise<void> =>
  writeDisk(path, screenCode, { ...guest, lines: 0 });

/** A disk whose boot sector prints to COM1 as fast as the emulated port takes it, without the BIOS. */
export const writeBenchDisk = (path: string, guest: BenchGuest): Promise<void> =>
  writeDisk(path, code, guest);

async function writeDisk(
  path: string,
  code: readonly number[],
  { lines, text, ticks = 0 }: BenchGuest,
): Promise<void> {
  const sector = Buffer.alloc(512);
  sector.set(code);
  sector.write('000000\r\n', 0x80, 'latin1');
  sector.writeUInt32LE(lines, places.lines);
  sector.writeUInt32LE(ticks, places.ticks);
  sector.write(text, places.text, 190, 'latin1');
  // One active partition, from sector 1 to the end.
  sector.set([0x80, 0, 2, 0, 0x83, 0, 0, 0, 1, 0, 0, 0, 0xff, 0x07, 0, 0], 446);
  sector.set([0x55, 0xaa], 510);
  await writeFile(path, sector);
  await truncate(path, 1024 * 1024);
}
