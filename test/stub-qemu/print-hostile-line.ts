import { hostileLine } from './hostile-text.ts';

process.stdout.write(hostileLine);
