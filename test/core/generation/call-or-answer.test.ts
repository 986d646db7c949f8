import { expect, test } from '@jest/globals';
import { CallOrAnswer } from '../../../src/core/generation/call-or-answer.ts';
import type { TokenConstraint } from '../../../src/ports/token-constraint.ts';

/** Lets one row of tokens pass. */
class Row implements TokenConstraint {
  isReleased = false;
  prepared = 0;
  readonly #tokens: number[];

  constructor(...tokens: readonly number[]) {
    this.#tokens = [...tokens];
  }

  prepare = () => {
    this.prepared += 1;
    return undefined;
  };
  allowed = () => Uint32Array.of(1 << (this.#tokens[0] ?? 31));
  accept = (token: number) => {
    if (token !== this.#tokens.shift()) throw new Error('it may not come');
  };
  release = () => {
    this.isReleased = true;
  };
}

test.each([
  [[1, 2], true],
  [[1, 3], false],
])('a text of %j is held to both while it may be either, then to one', async (tokens, isCall) => {
  const [call, answer] = [new Row(1, 2, 4), new Row(1, 3, 4)];
  const either = new CallOrAnswer(call, answer);
  await either.prepare();
  expect([call.prepared, answer.prepared]).toEqual([1, 1]);
  either.accept(tokens[0] as number);
  expect([either.place, either.allowed()]).toEqual([undefined, Uint32Array.of(0b1100)]);
  either.accept(tokens[1] as number);
  expect([either.place, either.allowed()]).toEqual([isCall ? 'whole' : 'none', Uint32Array.of(0b10000)]);
  expect([call.isReleased, answer.isReleased]).toEqual([!isCall, isCall]);
  either.release();
  expect([call.isReleased, answer.isReleased]).toEqual([true, true]);
});
