import { join } from 'node:path';

/** Where the document of the formats is. */
export const documentPath = join(import.meta.dirname, '../../docs/formats.md');
