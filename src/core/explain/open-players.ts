import { ServiceError } from '../../protocol/service-error.ts';
import { checkInputs } from '../check-inputs.ts';
import type { Features, ItemInputs, TextItem } from '../tasks/flow.ts';
import type { Task } from '../tasks/task.ts';
import type { boxOf } from './box-of.ts';
import { boxWeights } from './box-weights.ts';
import { bytePlayers } from './byte-players.ts';
import { columnPlayers } from './column-players.ts';
import { drawnMap } from './drawn-map.ts';
import type { ExplainCall } from './explain-call.ts';
import type { ExplainHost } from './explain-host.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Explanation, WeighedPart } from './explanation.ts';
import type { Players } from './players.ts';
import { regionPlayers } from './region-players.ts';
import { smallPicture } from './small-picture.ts';
import { spanPlayers } from './span-players.ts';
import { stepsTo } from './steps-to.ts';
import { tensorPlayers } from './tensor-players.ts';
import { type WordPlayers, wordPlayers } from './word-players.ts';

/** Players, and what an explanation shows of their weights. */
export interface OpenedPlayers {
  readonly players: Players;
  shown(weights: readonly number[]): Promise<Partial<Explanation>>;
}

/**
 * What an answer to `subject` is shared out among. Rejects with 400 for what it cannot be, or another baseline than
 * there is for it.
 */
export async function openPlayers({ host, version, subject, options }: ExplainCall): Promise<OpenedPlayers> {
  const { task, signature, label } = version;
  if (subject.tensors) {
    checkInputs(signature?.inputs ?? [], subject.tensors);
    return featuresOf(tensorPlayers(subject.tensors, subject.baseline, subject.typical));
  }
  const { baseline, parts } = options;
  const takes = task?.preprocess.takes;
  if (task && takes === 'features') {
    return featuresOf(await columnPlayers(task, subject.item as Features, baseline, subject.typical));
  }
  if (task && takes === 'text') {
    const players = await wordPlayers(task, subject.item as TextItem, baseline);
    return { players, shown: async (weights) => shownWords(players, weights) };
  }
  if (task && takes === 'file') {
    const file = subject.item as Uint8Array;
    const spans = await spanPlayers(task, file, parts, baseline);
    if (spans) return { players: spans, shown: async (weights) => ({ spans: weighed(spans, weights) }) };
    const regions = await regionsOf(host, task, file, options);
    if (regions) return regions;
    const bytes = bytePlayers((await task.preprocess.apply(file)) as ItemInputs, parts, baseline);
    if (bytes) return { players: bytes, shown: async (weights) => ({ bytes: weighed(bytes, weights) }) };
  }
  throw new ServiceError(
    400,
    `${label}: what can be explained is answers to texts, pictures, sounds, files by their bytes, columns and tensors, and its task takes ${takes ?? 'none of them'}`,
  );
}

function featuresOf(players: Players): OpenedPlayers {
  return { players, shown: async (weights) => ({ features: weighed(players, weights) }) };
}

function shownWords(players: WordPlayers, weights: readonly number[]): Partial<Explanation> {
  return { words: weighed(players, weights), ...(players.isCut && { truncated: true }) };
}

async function regionsOf(
  host: ExplainHost,
  task: Task,
  file: Uint8Array,
  { parts, baseline }: ExplainOptions,
): Promise<OpenedPlayers | undefined> {
  const way = await stepsTo(task, file, 'picture');
  if (!way) return undefined;
  const players = regionPlayers(await way.rest(way.value), parts, baseline);
  if (!players) return undefined;
  const { width, height } = way.value;
  const small = smallPicture(way.value);
  return {
    players,
    shown: async (weights) => {
      const regions = weighed(players, weights);
      const boxes = players.shown as readonly ReturnType<typeof boxOf>[];
      const map = boxWeights(small, { width, height }, boxes, weights);
      return { regions, heat_map: await drawnMap(host, small, map) };
    },
  };
}

function weighed({ shown }: Players, weights: readonly number[]): readonly WeighedPart[] {
  return shown.map((part, at) => ({ ...part, weight: weights[at] as number }));
}
