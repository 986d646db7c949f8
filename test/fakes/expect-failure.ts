import { expect } from '@jest/globals';
import { runCommand } from './run-command.ts';

/** Expects `tensorgate` with `words` to fail with `message` on stderr, and nothing of a stack. */
export async function expectFailure(words: readonly string[], message: string, code = 1): Promise<void> {
  const result = await runCommand(...words);
  expect(result.stderr).toContain(`error: ${message}`);
  expect(result.stderr).not.toContain('    at ');
  expect(result.code).toBe(code);
}
