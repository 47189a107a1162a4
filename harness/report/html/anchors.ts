import { cleanLine } from '../terminal/clean.ts';

/** The id of a cell's part of the page, or of one of its checks there: links to it last from run to run. */
export const anchor = (cell: string, check?: string): string =>
  (check === undefined ? cleanLine(cell) : `${cleanLine(cell)}/${cleanLine(check)}`).replaceAll(' ', '_');

/** A link to it: `#qemu.x86_64.bios.disk/sshd`. */
export const hrefTo = (cell: string, check?: string): string =>
  `#${encodeURIComponent(anchor(cell, check)).replaceAll('%2F', '/')}`;

/** Makes links from the page to files of the report, whatever their names hold, where these lie in `base` seen from it. */
export const fileLinks =
  (base: string) =>
  (path: string): string =>
    [...base.split('/').filter(Boolean), ...path.split('/')].map(encodeURIComponent).join('/');

/** A file's link from the page. */
export type FileLink = ReturnType<typeof fileLinks>;
