import { open, writeFile } from 'node:fs/promises';

/** A disk of 1 MiB whose boot code prints `text` on COM1 through the BIOS and then halts with interrupts on: the smallest guest. */
export async function writeHaltingDisk(path: string, text = 'GRUB loading.\r\n'): Promise<void> {
  const disk = Buffer.alloc(1024 * 1024);
  const message = Buffer.from(`${text}\0`, 'latin1');
  // prettier-ignore
  const code = Buffer.from([
    0x31, 0xc0, 0x8e, 0xd8,       // xor ax,ax; mov ds,ax
    0xbe, 0x1c, 0x7c,             // mov si,0x7c1c (the text)
    0xac,                         // next: lodsb
    0x84, 0xc0,                   // test al,al
    0x74, 0x0a,                   // jz halt
    0xb4, 0x01, 0x31, 0xd2,       // mov ah,1; xor dx,dx (COM1)
    0xcd, 0x14,                   // int 0x14: write al
    0xeb, 0xf3,                   // jmp next
    0x90, 0x90,                   // nop; nop
    0xfb, 0xf4, 0xeb, 0xfc,       // halt: sti; hlt; jmp halt
    0x90, 0x90,                   // padding up to the text at 0x1c
  ]);
  code.copy(disk, 0);
  message.copy(disk, 0x1c);
  // One active partition, from sector 1 to the end.
  disk.set([0x80, 0, 2, 0, 0x83, 0, 0, 0, 1, 0, 0, 0, 0xff, 0x07, 0, 0], 446);
  disk.set([0x55, 0xaa], 510);
  await writeFile(path, disk);
}

/**
 * A sparse disk of 256 MiB whose boot code says `WRITING` on COM1 and then writes one sector into each 64 KiB of the disk,
 * without an end.
 */
export async function writeWritingDisk(path: string): Promise<void> {
  await writeHaltingDisk(path);
  const disk = await open(path, 'r+');
  // prettier-ignore
  const code = Buffer.from([
    0x31, 0xc0, 0x8e, 0xd8,       // xor ax,ax; mov ds,ax
    0xbe, 0x60, 0x7c,             // mov si,0x7c60 (the text)
    0xac,                         // next: lodsb
    0x84, 0xc0,                   // test al,al
    0x74, 0x08,                   // jz write
    0xb4, 0x01, 0x31, 0xd2,       // mov ah,1; xor dx,dx (COM1)
    0xcd, 0x14,                   // int 0x14: write al
    0xeb, 0xf3,                   // jmp next
    0xb8, 0x00, 0x43, 0xb2, 0x80, // write: mov ax,0x4300; mov dl,0x80
    0xbe, 0x50, 0x7c,             // mov si,0x7c50 (the address packet)
    0xcd, 0x13,                   // int 0x13: extended write
    0x66, 0x81, 0x06, 0x58, 0x7c, // add dword [0x7c58],128
    0x80, 0x00, 0x00, 0x00,
    0xeb, 0xeb,                   // jmp write
  ]);
  // 16 bytes, one sector, from 0:0x7c00, to sector 2048 at first.
  const packet = Buffer.from([16, 0, 1, 0, 0x00, 0x7c, 0, 0, 0x00, 0x08, 0, 0, 0, 0, 0, 0]);
  try {
    await disk.write(code, 0, code.length, 0);
    await disk.write(packet, 0, packet.length, 0x50);
    await disk.write('GRUB loading.\r\nWRITING\r\n\0', 0x60);
    await disk.truncate(256 * 2 ** 20);
  } finally {
    await disk.close();
  }
}
