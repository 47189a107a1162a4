import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cksum } from '../../harness/console/shells/cksum.ts';
import type { Behaviour } from './behaviour.ts';
import { bootToAutologin, bootToKernel, bootToShell } from './boot.ts';
import type { Guest } from './guest.ts';
import { hostileLine, hostileLines } from './hostile-text.ts';
import { randomBytes } from './random.ts';

const prompt = '[stub@nixos-installer:~]# ';
const panic = '\n[    1.500000] Kernel panic - not syncing: ';

/** As fast as an emulated UART can be, some 3 MB/s: the log takes all that it is given, and the disk is everybody's. */
async function flood(guest: Guest): Promise<never> {
  const block = Buffer.from('y\r\n'.repeat(20_000));
  for (;;) {
    guest.say(block);
    await sleep(20);
  }
}

/** Guests that do on their serial port what no guest should. */
export const hostileConsoles: Record<string, Behaviour> = {
  /** Escape sequences, commands for a CI, what XML forbids: before its panic and in it. */
  'writes-escapes': {
    play(guest) {
      bootToKernel(guest);
      guest.say(hostileLines);
      guest.say(panic);
      guest.say(hostileLine);
      guest.say('\n');
    },
  },
  /** The same in what commands answer: the user's name is in the live output. */
  'answers-escapes': {
    play(guest) {
      bootToAutologin(guest);
      guest.openShell(prompt, join(import.meta.dirname, 'hostile-bin'));
    },
  },
  /** Any bytes at all, then a boot as if nothing had been. */
  'writes-noise': {
    play(guest) {
      guest.say(randomBytes(1, 300_000));
      guest.say('\x1b\\\x18\n');
      bootToShell(guest);
    },
  },
  'writes-one-line': {
    play(guest) {
      bootToKernel(guest);
      for (let block = 0; block < 128; block++) guest.say('x'.repeat(65_536));
      guest.say(`${panic}at last\n`);
    },
  },
  /** Talks as fast as the port can, without an end. */
  floods: {
    async play(guest) {
      bootToKernel(guest);
      await flood(guest);
    },
  },
  /** The same once commands are typed, which nobody reads any more. */
  'floods-later': {
    play(guest) {
      bootToShell(guest);
      guest.after(3000, () => {
        guest.onTyped = undefined;
        void flood(guest);
      });
    },
  },
  /** A shell's prompt behind which nobody reads. */
  'stops-reading': {
    play(guest) {
      bootToAutologin(guest);
      guest.say(prompt);
      process.stdin.pause();
    },
  },
  'asks-for-login-forever': answering('nixos-installer login: '),
  'asks-for-password-forever': answering('Password: '),
  'prompts-forever': answering(prompt),
  /** A shell of which every word comes twice. */
  'says-all-twice': {
    play(guest) {
      const say = guest.say.bind(guest);
      guest.say = (text) => {
        say(text);
        say(text);
      };
      bootToShell(guest);
    },
  },
  /** Plays the server of our frames without being one, and has ever more to tell. */
  'forges-answers': { play: forgeAnswers },
};

/** A guest that answers each line typed by the same prompt. */
function answering(question: string): Behaviour {
  return {
    play(guest) {
      bootToAutologin(guest);
      guest.say(question);
      guest.onTyped = (data) => {
        if (data.includes('\r')) guest.say(`\n${question}`);
      };
    },
  };
}

function forgeAnswers(guest: Guest): void {
  bootToAutologin(guest);
  guest.say(prompt);
  const junk = Array.from({ length: 200 }, () => 'A'.repeat(76)).join('\n');
  let nonce = '';
  const answer = (text: string): void => guest.say(`\n${nonce}<${text}>\n`);
  guest.onTyped = (data) => {
    for (const line of data.toString('latin1').split('\r')) {
      nonce = /<l>\\n" ([a-z]+)/.exec(line)?.[1] ?? nonce;
      const [, verb, sequence, from] = /^[a-z]+ ([pxg]) (\d+) (\d+)/.exec(line) ?? [];
      if (/<l>/.test(line)) answer('l');
      else if (line === '.') answer('h');
      else if (verb === 'g') {
        answer(`b ${sequence} ${from}`);
        guest.say(`${junk}\n`);
        answer(`e ${sequence} ${from} ${cksum(junk)}`);
      } else if (verb !== undefined) {
        // First one result, then another, then that there is far more.
        for (const status of ['0', '1']) {
          const result = Buffer.from(`root\n${status}`).toString('base64');
          for (const mark of ['t', 'u', 'v']) {
            answer(`${mark} ${Number(sequence) + 1}`);
            guest.say(`${result}\n`);
          }
        }
        answer(`r ${sequence} 1-${Number.MAX_SAFE_INTEGER}`);
      }
    }
  };
}
