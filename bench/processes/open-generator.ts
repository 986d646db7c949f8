import { openNativeSession } from '../../src/adapters/onnx-native/open-native-session.ts';
import { decoderLayout } from '../../src/core/generation/decoder-layout.ts';
import { Generator } from '../../src/core/generation/generator.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { systemTimers } from '../../src/core/system-timers.ts';
import { generationSettings } from '../../test/fakes/generation-settings.ts';
import { firstGpu } from './first-gpu.ts';
import type { GenerateJob, GenerateTokens } from './generate-job.ts';

/** Our engine, without a server. */
export async function openGenerator({ path, inPlace, threads, onGpu }: GenerateJob): Promise<GenerateTokens> {
  const session = await openNativeSession(path, {
    intraOpThreads: threads,
    spinning: threads > 1,
    isDecoder: true,
    ...(onGpu && { cuda: firstGpu }),
  });
  const operators = inPlace ? ['com.microsoft.GroupQueryAttention'] : [];
  const decoder = await session.openDecoder?.(decoderLayout({ ...specs(session), operators }, 1024), 2e9);
  if (!decoder) throw new Error('the engine has no decoder');
  const options = {
    maxSequences: 64,
    maxWaiting: 64,
    sharesRuns: true,
    pieceTokens: undefined,
    counts: { prompt: 0, found: 0, generated: 0 },
  };
  const generator = new Generator(decoder, new RunQueue(1, 64), performance, systemTimers, options);
  return async (prompt, count, onToken) => {
    const stream = generator.generate(prompt, generationSettings({ maxTokens: count }), new AbortController().signal);
    for await (const _token of stream) onToken();
  };
}

function specs({ inputs, outputs }: Pick<Parameters<typeof decoderLayout>[0], 'inputs' | 'outputs'>) {
  return { inputs, outputs };
}
