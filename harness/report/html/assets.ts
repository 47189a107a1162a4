import { readFileSync } from 'node:fs';
import { createRequire, findPackageJSON } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/** Beside the sources also where we run from `dist`: what is no program is published as it is. */
const directory = path.join(
  path.dirname(findPackageJSON('..', import.meta.url) ?? ''),
  'harness/report/html/assets',
);

/** In the order in which the page runs them; they share one scope. */
const scripts = ['dom', 'data', 'time-line', 'console', 'filter', 'views', 'keys', 'start'];

/** What the page consists of beside its text: styles and scripts, all inside it. */
export interface Assets {
  style: string;
  /** Says at once that scripts run, so that a thousand cells that are not shown are not laid out. */
  first: string;
  /** Defines `AsciinemaPlayer`. */
  player: string;
  script: string;
}

/** Reads the page's own files, and asciinema's player for the recordings. */
export function readAssets(): Assets {
  const own = (name: string): string => readFileSync(path.join(directory, name), 'utf8');
  const players = (name: string): string =>
    readFileSync(require.resolve(`asciinema-player/dist/bundle/${name}`), 'utf8');
  return {
    style: [players('asciinema-player.css'), own('page.css')].join('\n'),
    first: own('first.js'),
    player: inScript(players('asciinema-player.min.js')),
    script: inScript(
      `'use strict';\n(() => {\n${scripts.map((name) => own(`${name}.js`)).join('\n')}\n})();`,
    ),
  };
}

/** What would end a script's element, or begin a comment in it, says the same in another way. */
const inScript = (text: string): string => text.replace(/<(?=\/script|!--)/gi, String.raw`\x3c`);
