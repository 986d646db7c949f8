import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { generateText, type TextPiece } from '../../../src/core/generation/generate-text.ts';
import type { GenerationSettings } from '../../../src/core/generation/generation.ts';
import { FakeLanguageModel } from '../../fakes/fake-language-model.ts';
import { generationSettings } from '../../fakes/generation-settings.ts';

const noSignal = new AbortController().signal;

async function piecesOf(answer: string, stops: readonly string[] = [], more: Partial<GenerationSettings> = {}) {
  const model = new FakeLanguageModel(() => answer);
  const pieces: TextPiece[] = [];
  const settings = generationSettings({ maxTokens: 1000, ...more });
  for await (const piece of generateText(model, [256], { settings, stops }, noSignal)) pieces.push(piece);
  return {
    pieces,
    text: pieces.map(({ text }) => text).join(''),
    finish: pieces.at(-1)?.finish,
    asked: model.asked[0],
  };
}

describe('text that a model makes', () => {
  test('there is a piece for each token, the last of which says why', async () => {
    const { pieces } = await piecesOf('aé');
    expect(pieces.map(({ text, finish }) => [text, finish])).toEqual([
      ['a', undefined],
      ['', undefined],
      ['é', undefined],
      ['', 'end'],
    ]);
  });

  test('a text ends where as many tokens were made as were wanted, within a character too', async () => {
    expect(await piecesOf('aé', [], { maxTokens: 2 })).toMatchObject({ text: 'a\uFFFD', finish: 'length' });
  });

  test('nothing of a stop is given, and the work ends with it', async () => {
    const { pieces, text, finish, asked } = await piecesOf('one STOP two', ['STOP']);
    expect([text, finish]).toEqual(['one ', 'stop']);
    expect(pieces.every(({ text: piece }) => !/[STOP]/.test(piece))).toBe(true);
    expect(asked).toMatchObject({ made: 8, isEnded: true });
  });

  test('what was held back as it might have become a stop is given where it does not', async () => {
    expect(await piecesOf('one STO', ['STOP'])).toMatchObject({ text: 'one STO', finish: 'end' });
    expect(await piecesOf('STOSTOP!', ['STOP'])).toMatchObject({ text: 'STO', finish: 'stop' });
    expect(await piecesOf('日本語', ['本'])).toMatchObject({ text: '日', finish: 'stop' });
  });

  test('wherever stops are, the text is what is before the first', async () => {
    const unit = fc.constantFrom('a', 'b', 'é');
    const stops = fc.array(fc.string({ unit, minLength: 1, maxLength: 4 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit }), stops, async (answer, given) => {
        const { text } = await piecesOf(answer, given);
        const places = given.map((stop) => answer.indexOf(stop)).filter((at) => at !== -1);
        // Of stops within one another, that which is whole first counts.
        const ends = given
          .map((stop) => answer.indexOf(stop) + stop.length)
          .filter((_, i) => answer.includes(given[i] as string));
        if (places.length === 0) expect(text).toBe(answer);
        else {
          const first = Math.min(...ends);
          const before = answer.slice(0, first);
          expect(text).toBe(
            answer.slice(0, Math.min(...given.map((stop) => before.indexOf(stop)).filter((at) => at !== -1))),
          );
        }
      }),
    );
  });

  test('tokens are told with the text that they made, and where it begins', async () => {
    const { pieces } = await piecesOf('aé😀bSTOP', ['STOP'], { logprobs: 2 });
    const tokens = pieces.flatMap((piece) => piece.tokens);
    expect(tokens.map(({ text, offset, logprob }) => [text, offset, logprob])).toEqual([
      ['a', 0, -1 / 8],
      ['\uFFFD', 1, -2 / 8],
      ['é', 1, -3 / 8],
      ['\uFFFD', 2, -4 / 8],
      ['\uFFFD', 2, -5 / 8],
      ['\uFFFD', 2, -6 / 8],
      ['😀', 2, -7 / 8],
      ['b', 3, -8 / 8],
    ]);
    expect(tokens[0]?.top).toEqual([
      { text: 'a', token: 97, logprob: -1 / 8 },
      { text: '?', token: 63, logprob: -9 },
    ]);
    for (const { text, tokens: told } of pieces) expect(told.length > 0).toBe(text !== '');
  });

  test('a reader that leaves ends the work', async () => {
    const model = new FakeLanguageModel(() => 'a long story');
    const generated = generateText(model, [256], { settings: generationSettings(), stops: [] }, noSignal);
    await generated.next();
    await generated.return();
    expect(model.asked[0]).toMatchObject({ made: 1, isEnded: true });
  });
});
