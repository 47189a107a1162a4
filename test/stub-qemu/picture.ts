import { crc32, deflateSync } from 'node:zlib';
import { blankPicture, paintText } from '../../harness/console/testing/paint.ts';

/** A screen of 1280 by 800 pixels with these lines, as PPM. */
export function screen(lines: readonly string[]): Buffer {
  const shown = blankPicture(1280, 800);
  paintText(shown, lines, { font: '8x16', x: 0, y: 0, ink: 0xaaaaaa, paper: 0 });
  return Buffer.concat([Buffer.from(`P6\n${shown.width} ${shown.height}\n255\n`), shown.pixels]);
}

/** A valid PNG: 32 by 32 pixels of grey. */
export function picture(): Buffer {
  const side = 32;
  const header = Buffer.from([0, 0, 0, side, 0, 0, 0, side, 8, 0, 0, 0, 0]);
  const rows = Buffer.alloc(side * (side + 1), 0x80).map((byte, index) =>
    index % (side + 1) === 0 ? 0 : byte,
  );
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
