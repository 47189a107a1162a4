import { expect, test } from 'vitest';
import { HostError } from '../harness/errors.ts';
import { runStep } from './command.ts';

test('a failed step says which command failed and how its output ended', async () => {
  const failure = await runStep('sh', ['-c', 'echo first; echo last words >&2; exit 3']).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(HostError);
  expect(failure).toMatchObject({
    code: 'reference-step',
    message: expect.stringContaining('last words'),
    hint: expect.stringMatching(/last words[^]*exit code 3: sh -c/),
  });
});
