/**
 * The framing by which commands cross a console that is shared with kernel messages, may echo, and may lose bytes.
 * Pure: programs, requests and answers as text. The transport is whatever carries lines both ways.
 *
 * In the guest a small server reads requests, one a line, those with a script's text said twice, which a shell compares
 * without starting a process. A script comes in pieces, is run exactly once, and its output stays in a variable of the server (no file system is needed) until the
 * next script; the harness fetches it in blocks and asks again for a block whose checksum does not match. So noise
 * costs a repetition of a block and never of a command.
 *
 *     request  <nonce> (p <seq> <piece> .<text>) twice    a piece of a script             answer  a <seq> <piece>
 *              <nonce> (x <seq> <piece> .<text>) twice    its last piece: run it, or      answer  s <seq> once it runs, then
 *                                                         tell again if it was run                t <seq>, the output, u <seq>,
 *                                                                                                 the output, v <seq>
 *                                                                                              or, when it is long,
 *                                                                                                 r <seq> <cksum>
 *              <nonce> g <seq> <from> <count>             lines of the output             answer  b <seq> <from>, the lines,
 *                                                                                                 e <seq> <from> <cksum>
 *              <nonce> q                                  ends the server: the shell that it was typed into is there again
 *     anything else that is not empty                                                     answer  n
 *
 * When it starts, the server says `h`. An answer is `<nonce><…>` on a line. No request holds that text, so an echo is
 * never taken for an answer.
 */
import { randomInt } from 'node:crypto';
import { cksum } from './cksum.ts';
import { commandResult, type CommandResult } from './shell.ts';

/** Output of up to so many characters of base64 is said twice, too: starting `cksum` takes longer than saying it. */
const shortLength = 2000;

/** Characters of a script in one request: a line stays far below the 4096 that a tty's canonical mode can hold. */
const pieceLength = 1024;

/** Where the tools may be when the shell came with no PATH that has them; NixOS has nothing in the usual places. */
const fallbackPath =
  '/run/wrappers/bin:/run/current-system/sw/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const serverProgram = (nonce: string): string => `exec 2>/dev/null
N=${nonce} a= t= k= d=0 o= c=
trap : INT
stty -echo icanon icrnl -ixon
say() { printf '\\n%s<%s>\\n' "$N" "$*"; }
sum() { set -- $(printf %s "$1" | cksum); r=$1-$2; }
run() {
s=$(printf %b "$a")
o=$({ trap : INT; (trap - INT; exec /bin/sh -c "$s") </dev/null 2>&1; printf '\\n%s' $?; } | (trap '' INT; exec base64))
[ \${#o} -le ${shortLength} ] || { sum "$o"; c=$r; }
}
answer() {
if [ \${#o} -gt ${shortLength} ]; then say r $d $c; return; fi
say t $d; printf '%s\\n' "$o"; say u $d; printf '%s\\n' "$o"; say v $d
}
block() {
b=$(printf '%s\\n' "$o" | tail -n "+$1" | head -n "$2"); sum "$b"
say b $d $1; printf '%s\\n' "$b"; say e $d $1 $r
}
say h
f=0
while [ $f -lt 3 ]; do
read -r m v q i p w x y z || { f=$((f+1)); continue; }
f=0
[ "$m" ] || continue
[ "$m" = "$N" ] || v=
case $v in
p|x)
[ "$v $q $i $p" = "$w $x $y $z" ] || { say n; continue; }
if [ $v$q = x$d ]; then answer; continue; fi
[ "$q" = "$t" ] || { a= k=0 t=$q; }
[ $i = $k ] && a=$a\${p#.} k=$((k+1))
if [ $v = p ]; then say a $q $i; continue; fi
d=$q; say s $q; run; answer;;
g) [ "$q" = "$d" ] && block "$i" "$p";;
q) break;;
*) say n;;
esac
done
stty echo
`;

/** Ends the loader's input; the server refuses it and a shell fails at it, so it also tells which of them is there. */
export const endOfUpload = '.';

/** Letters that no output holds by chance. */
export function makeNonce(): string {
  return Array.from({ length: 10 }, () => String.fromCharCode(0x61 + randomInt(26))).join('');
}

/**
 * How the server gets into the guest: `command`, typed at the prompt of any shell that knows single quotes, answers
 * `ready`; then come the lines of `upload`. It answers `hello`, or `lost` when a character was, and is gone again.
 * No line is longer than the 1024 characters that BusyBox's line editor takes.
 */
export function serverLoader(nonce: string): { command: string; upload: string[] } {
  const program = Buffer.from(serverProgram(nonce)).toString('base64');
  const digest = cksum(program).replace('-', ' ');
  const command =
    `/bin/sh -c 'type base64 >/dev/null 2>&1||export PATH=$PATH:${fallbackPath};stty -echo;` +
    `printf "\\n%s<l>\\n" ${nonce};s=;while read -r l&&[ "$l" != ${endOfUpload} ];do s=$s$l;done;` +
    `if [ "$(printf %s "$s"|cksum)" = "${digest}" ];then eval "$(printf %s "$s"|base64 -d)";` +
    `else stty echo;printf "\\n%s<f>\\n" ${nonce};fi'`;
  return { command, upload: [...(program.match(/.{1,800}/g) ?? []), endOfUpload] };
}

/** A script as `printf %b` of every shell turns it back, without a process. */
function escape(script: string): string {
  return [...Buffer.from(script)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[\w/.,:=+@%^-]/.test(char) ? char : `\\0${byte.toString(8).padStart(3, '0')}`;
    })
    .join('');
}

/** The requests that bring a script over and run it, in order. */
export function scriptRequests(nonce: string, sequence: number, script: string): string[] {
  const encoded = escape(script);
  const count = Math.max(1, Math.ceil(encoded.length / pieceLength));
  return Array.from({ length: count }, (_, piece) => {
    const text = encoded.slice(piece * pieceLength, (piece + 1) * pieceLength);
    const said = `${piece === count - 1 ? 'x' : 'p'} ${sequence} ${piece} .${text}`;
    return `${nonce} ${said} ${said}`;
  });
}

/** The request for lines of the output, the first is 1. */
export function blockRequest(nonce: string, sequence: number, from: number, count: number): string {
  return `${nonce} g ${sequence} ${from} ${count}`;
}

/** The request that ends the server. */
export const endRequest = (nonce: string): string => `${nonce} q`;

export type Answer =
  /** The loader reads. */
  | { kind: 'ready' }
  /** The loader got something else than was sent, and has ended. */
  | { kind: 'lost' }
  /** The server reads. */
  | { kind: 'hello' }
  /** The last request was not understood. */
  | { kind: 'refused' }
  | { kind: 'piece'; sequence: number; piece: number }
  | { kind: 'started'; sequence: number }
  /** The whole output; null where it was not said the same twice. */
  | { kind: 'short'; sequence: number; text: string | null }
  /** Of the whole output, which is to be asked for. */
  | { kind: 'long'; sequence: number; cksum: string }
  /** `text` is null where the checksum does not match. */
  | { kind: 'block'; sequence: number; from: number; text: string | null };

/** Characters of a block that is coming in: far more than is ever asked for at once. */
const longestBlock = 512 * 1024;

/** Reads answers out of a console's lines; everything else on it is passed over. */
export class AnswerReader {
  readonly #answer: RegExp;
  /** Where the block that is coming in belongs. */
  #opened = '';
  #lines: string[] = [];
  #length = 0;
  /** What was said the first time. */
  #first: string | null = null;

  constructor(nonce: string) {
    this.#answer = new RegExp(`${nonce}<([a-z])((?: [0-9-]+)*)>`);
  }

  /** Takes a line; `progress` tells that it belongs to an answer that is not complete. */
  read(line: string): Answer | 'progress' | null {
    const match = this.#answer.exec(line);
    if (!match) {
      if (this.#opened === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(line)) return null;
      this.#length += line.length;
      if (this.#length > longestBlock) this.#open('');
      else this.#lines.push(line);
      return 'progress';
    }
    const [first = '', second = '', third = ''] = (match[2] ?? '').trim().split(' ');
    const sequence = Number(first);
    switch (match[1]) {
      case 'l':
        return { kind: 'ready' };
      case 'f':
        return { kind: 'lost' };
      case 'h':
        return { kind: 'hello' };
      case 'n':
        return { kind: 'refused' };
      case 'a':
        return { kind: 'piece', sequence, piece: Number(second) };
      case 's':
        return { kind: 'started', sequence };
      case 'r':
        return { kind: 'long', sequence, cksum: second };
      case 't':
      case 'b':
        this.#open(`${first} ${second}`);
        this.#first = null;
        return 'progress';
      case 'u':
        this.#first = this.#close(`${first} ${second}`);
        this.#open(`${first} ${second}`);
        return 'progress';
      case 'v': {
        const text = this.#close(`${first} ${second}`);
        return { kind: 'short', sequence, text: text === this.#first ? text : null };
      }
      case 'e': {
        const text = this.#close(`${first} ${second}`);
        return {
          kind: 'block',
          sequence,
          from: Number(second),
          text: text !== null && cksum(text) === third ? text : null,
        };
      }
      default:
        return null;
    }
  }

  #open(place: string): void {
    this.#opened = place;
    this.#lines = [];
    this.#length = 0;
  }

  /** The lines since this place was opened; null where another was, or none. */
  #close(place: string): string | null {
    const text = this.#opened === place ? this.#lines.join('\n') : null;
    this.#open('');
    return text;
  }
}

/** What a script came to, from its whole encoded output; null where that is no such thing. */
export function decodeResult(encoded: string): CommandResult | null {
  const decoded = Buffer.from(encoded, 'base64');
  const end = decoded.lastIndexOf('\n');
  const status = decoded.subarray(end + 1).toString('latin1');
  if (end < 0 || !/^\d{1,3}$/.test(status)) return null;
  return commandResult(Number(status), decoded.subarray(0, end));
}
