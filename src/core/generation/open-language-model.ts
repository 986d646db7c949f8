import type { Clock } from '../../ports/clock.ts';
import type { Decoder, DecoderLayout } from '../../ports/decoder.ts';
import type { Session } from '../../ports/session.ts';
import type { TextGenerationConfig } from '../../ports/task.ts';
import type { TaskTools } from '../../ports/task-tools.ts';
import type { Timers } from '../../ports/timers.ts';
import type { Batching } from '../batching/batching-of.ts';
import { mostRows } from '../batching/most-rows.ts';
import { watchRun } from '../batching/watch-run.ts';
import type { Watchdog } from '../batching/watchdog.ts';
import type { ModelVersion } from '../model-version.ts';
import type { RunQueue } from '../run-queue.ts';
import { decoderLayout } from './decoder-layout.ts';
import type { GenerationSettings } from './generation.ts';
import { readGenerationFiles } from './generation-files.ts';
import { Generator } from './generator.ts';
import type { LanguageModel } from './language-model.ts';
import { sharedPiece } from './prompt-pieces.ts';
import type { TokenStream } from './token-stream.ts';

/** A language model while it is loaded. */
export interface OpenedLanguageModel extends LanguageModel {
  generate(prompt: readonly number[], settings: GenerationSettings, signal: AbortSignal): TokenStream;
  /** Lets go of its caches. Nothing may be under way. */
  close(): void;
}

/** What a version's files make of it. */
export interface LanguageModelFiles {
  readonly session: Session;
  /** A text file of the version's folder. Rejects with ServiceError 404 where there is none. */
  readonly readText: (file: string) => Promise<string>;
}

/** What language models need of their host. */
export interface LanguageModelHost {
  readonly tokenizer: TaskTools['tokenizer'];
  readonly turns: RunQueue;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly watchdog: Watchdog;
  /** Bytes of the caches of a model that does not say. */
  readonly cacheBytes: number;
  /** Hears of each text that was generated, by the tokens of its prompt and of itself. @default nobody does */
  readonly onText?: ((promptTokens: number, answerTokens: number) => void) | undefined;
}

const dynamicQuantization = /(^|\.)DynamicQuantize/;
// A function of Lambda takes one request at a time, and that may have so many texts under way.
const leastWaiting = 8;

/**
 * Holds a model against what a decoder is, and runs it once on one token. Rejects with an Error that says what is
 * missing, or does not fit.
 */
export async function openLanguageModel(
  version: ModelVersion,
  task: TextGenerationConfig,
  { session, readText }: LanguageModelFiles,
  host: LanguageModelHost,
): Promise<OpenedLanguageModel> {
  const files = await readGenerationFiles(readText);
  const maxPositions = task.maxPositions ?? files.maxPositions;
  if (maxPositions === undefined) {
    throw new Error(
      'neither config.json nor tokenizer_config.json says how many tokens it takes: set task.maxPositions in model.json',
    );
  }
  const { clock, timers, turns, watchdog } = host;
  const tokenizer = await host.tokenizer(files.tokenizer);
  const { inputs, outputs } = session;
  const layout = decoderLayout({ inputs, outputs, operators: version.operators }, maxPositions);
  const decoder = await openDecoder(session, layout, task.cacheBytes ?? host.cacheBytes);
  const mixing = mixingOperator(version);
  version.textBatching = textBatching(version, layout, mixing);
  const generator = new Generator(decoder, turns, clock, timers, {
    maxSequences: mostRows(version.config.batching),
    sharesRuns: version.textBatching.isOn,
    pieceTokens: pieceTokens(layout, mixing),
    maxWaiting: version.config.queue.maxSize || Math.max(leastWaiting, Math.ceil(turns.maxWaiting / 2)),
    watch: (giveUp) => watchRun(version, watchdog, timers, giveUp),
    counts: version.tokens,
    onText: host.onText,
    onRun: (rows, inferMs) => version.statistics.executed(rows, { inputMs: 0, inferMs, outputMs: 0 }),
  });
  return {
    tokenizer,
    maxPositions: decoder.mostTokens,
    endTokens: task.endTokens ?? files.endTokens,
    tokenizerConfig: files.tokenizerConfig,
    generate: (...call) => generator.generate(...call),
    close: () => generator.close(),
  };
}

/** What takes its scales over a whole tensor: what it gives depends on all tokens that share a run. */
function mixingOperator({ config: { batching }, operators }: ModelVersion): string | undefined {
  return batching.rowsApart ? undefined : operators.find((operator) => dynamicQuantization.test(operator));
}

/** Whether texts share runs, and why not. */
function textBatching(
  { config: { batching } }: ModelVersion,
  layout: DecoderLayout,
  mixing: string | undefined,
): Batching {
  if (batching.mode === 'off') return { isOn: false, whyNot: 'batching.mode is off in model.json' };
  const missing = batching.rowsApart ? undefined : missingForUnlikeLengths(layout);
  if (mixing === undefined && missing === undefined) return { isOn: true, whyNot: '' };
  const reason = mixing
    ? `${mixing} takes its scales over all rows`
    : `it has no input ${missing}, without which texts of unlike lengths are taken for ones of the same`;
  const whyNot = `${reason} (batching.rowsApart in model.json says that each row is answered for itself all the same)`;
  return { isOn: false, whyNot };
}

/**
 * The input that tells where the tokens of each text are, and is not there. Attention that writes in place takes
 * positions from the mask.
 */
function missingForUnlikeLengths({ inputs, inPlace }: DecoderLayout): string | undefined {
  const needed = inPlace ? ['attention_mask'] : ['attention_mask', 'position_ids'];
  return needed.find((name) => !inputs.has(name));
}

/**
 * Tokens of a piece that prompts are always read in; undefined: any. Of two graphs merged to one, that for what comes
 * behind a cache may have been made for one token: each of several would see those behind it.
 */
function pieceTokens({ inputs }: DecoderLayout, mixing: string | undefined): number | undefined {
  if (inputs.has('use_cache_branch')) return Number.POSITIVE_INFINITY;
  return mixing === undefined ? undefined : sharedPiece;
}

async function openDecoder(session: Session, layout: DecoderLayout, cacheBytes: number): Promise<Decoder> {
  if (!session.openDecoder) {
    throw new Error(
      "generating text needs ONNX Runtime's C API, and this server reaches the runtime by onnxruntime-node's binding: start it without --engine binding, on a machine that the C API can be reached on",
    );
  }
  const decoder = await session.openDecoder(layout, cacheBytes);
  const cache = decoder.open();
  try {
    await decoder.run([{ cache, tokens: [0] }]);
    cache.release();
    return decoder;
  } catch (cause) {
    cache.release();
    decoder.release();
    throw new Error(`it cannot be gone on with a token: ${(cause as Error).message}`, { cause });
  }
}
