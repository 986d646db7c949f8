import { afterAll, expect, test } from '@jest/globals';
import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import { decoderLayout } from '../../src/core/generation/decoder-layout.ts';
import { Generator } from '../../src/core/generation/generator.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { systemTimers } from '../../src/core/system-timers.ts';
import type { Decoder } from '../../src/ports/decoder.ts';
import { type DecoderForm, decoderGraph } from '../fakes/decoder-graph.ts';
import { generationSettings } from '../fakes/generation-settings.ts';
import { removeModels, writeModel } from './models.ts';

const sizes = { layers: 2, width: 64, hidden: 96, heads: 4, cacheHeads: 2, vocabulary: 97, positions: 256 };
const noSignal = new AbortController().signal;
const most = 40;

afterAll(removeModels);

const random = seededRandom(5);
const tokens = (count: number) => Array.from({ length: count }, () => Math.floor(random() * sizes.vocabulary));
const beginnings = Array.from({ length: 3 }, () => tokens(20 + Math.floor(random() * 60)));
const prompts = Array.from({ length: 20 }, (_, index) => [
  ...(beginnings[index % 4] ?? []),
  ...tokens(1 + Math.floor(random() * 30)),
]);

test.each<DecoderForm['attention']>(['concat', 'grouped'])(
  'callers who come and leave at random get what each gets alone, with prompts that begin alike and too little room: %s',
  async (attention) => {
    const session = await openNativeSession(writeModel(decoderGraph(sizes, { attention })), { intraOpThreads: 1 });
    const operators = attention === 'grouped' ? ['com.microsoft.GroupQueryAttention'] : [];
    const { inputs, outputs } = session;
    const layout = decoderLayout({ inputs, outputs, operators }, sizes.positions);
    const decoder = (await session.openDecoder?.(layout, 512 * 700)) as Decoder;
    // As much as there may be, however it comes.
    for (const name of ['fork', 'growth'] as const) {
      const asked: (...call: never[]) => unknown = decoder[name].bind(decoder);
      Object.assign(decoder, {
        [name]: (...call: never[]) => {
          expect(decoder.freeBytes).toBeGreaterThanOrEqual(0);
          return asked(...call);
        },
      });
    }
    const counts = { prompt: 0, found: 0, generated: 0 };
    const limits = { maxSequences: 10, maxWaiting: 64, sharesRuns: true, pieceTokens: undefined, counts };
    const generator = new Generator(decoder, new RunQueue(1, 64), performance, systemTimers, limits);
    /** What was given of a prompt's answer before the caller left, or all of it. */
    const goOn = async (prompt: readonly number[], stopsAfter = most) => {
      const found: number[] = [];
      for await (const { token } of generator.generate(prompt, generationSettings({ maxTokens: most }), noSignal)) {
        found.push(token);
        if (found.length >= stopsAfter) break;
      }
      return found;
    };
    const alone: number[][] = [];
    for (const prompt of prompts) alone.push(await goOn(prompt));
    const callers = Array.from({ length: 16 }, async () => {
      for (let count = 0; count < 5; count += 1) {
        const index = Math.floor(random() * prompts.length);
        const found = await goOn(prompts[index] as number[], random() < 0.3 ? 1 + Math.floor(random() * most) : most);
        expect(found).toEqual(alone[index]?.slice(0, found.length));
      }
    });
    await Promise.all(callers);
    expect(counts.found).toBeGreaterThan(0);
    expect(generator.isBusy).toBe(false);
    generator.close();
    await session.release();
  },
);
