/** What a guest can put on its console or into an answer to harm whoever reads the output of the harness. */

const escapes = [
  '\x1b]0;pwned-title\x07',
  '\x1b]2;pwned-title\x1b\\',
  '\x1b]52;c;cHduZWQ=\x07',
  '\x1b]8;;http://pwned.example/\x07pwned-link\x1b]8;;\x07',
  '\x1b[6n',
  '\x1b[c',
  '\x1b[?1049h',
  '\x1b[2J\x1b[H',
  '\x1b[31m',
  '\x1bP+q544e\x1b\\',
  '\x1bc',
  '\x9b2J',
  '\x9d0;pwned-title\x9c',
  '\x07\x08\x0b\x0c\x0e\x0f\x7f\0',
].join('');

/** What a CI's log takes for a command, and what an importer of JUnit takes for an attachment. */
const commands = [
  '::error::pwned-command',
  '::set-output name=pwned-command::1',
  '##[error]pwned-command',
  '##vso[task.setvariable variable=pwned-command]1',
  "##teamcity[message text='pwned-command']",
  '[[ATTACHMENT|/etc/passwd]]',
];

const forXml = ']]><pwned-element/>&pwned;<!-- \u{FFFE}\u{FFFF}';
const forTheEye = '\u202Edenwp\u202C\u2066\uFEFF';
/** A lone surrogate, an overlong NUL and a torn character, as no UTF-8 has them. */
const invalid = Buffer.from([0xed, 0xa0, 0x80, 0xc0, 0x80, 0xff, 0xfe, 0xe2, 0x82]);

/** All of it on one line. */
export const hostileLine = Buffer.concat([
  Buffer.from(`${escapes}${forXml}${forTheEye} ${commands.join(' ')} `),
  invalid,
]);

/** All of it, each command at the start of a line. */
export const hostileLines = Buffer.concat([
  hostileLine,
  Buffer.from(`\r\n${commands.map((command) => `${command}\r\n`).join('')}`),
]);
