import { ServiceError } from '../../protocol/service-error.ts';
import type { DataPlane } from '../data-plane.ts';
import type { InferenceContext } from '../inference-context.ts';
import type { ModelVersion } from '../model-version.ts';
import { sigmoid } from '../sigmoid.ts';
import { cosine } from './cosine.ts';
import { givesVectors } from './gives-vectors.ts';
import { pairScore } from './pair-score.ts';
import { type PredictOptions, predict } from './predict.ts';
import type { Task } from './task.ts';
import { taskWords } from './task-words.ts';
import { toldNumbers } from './told-numbers.ts';

/** What is ranked by how well it answers a query. */
export interface Ranking {
  readonly query: string;
  readonly texts: readonly string[];
  readonly truncate: boolean;
  /** What the caller calls the texts, for messages. */
  readonly field: string;
  /** Scores as the model gives them, also where those are logits. */
  readonly isRaw: boolean;
}

export interface Ranked {
  /** Its place among the texts. */
  readonly index: number;
  readonly score: number;
  /** Of this text and the query. */
  readonly tokens: number;
  readonly isTruncated: boolean;
}

/**
 * Texts by how well they answer a query, best first: by a model that takes pairs and gives one number for each, from 0
 * to 1 where it gives logits; or by the cosine of the vectors of one that gives those. Rejects with 400 for another
 * model, and as `predict`.
 */
export async function rank(
  dataPlane: DataPlane,
  version: ModelVersion,
  task: Task | undefined,
  ranking: Ranking,
  options: PredictOptions,
  context: InferenceContext,
): Promise<readonly Ranked[]> {
  if (task?.preprocess.takes !== 'text') throw notForRanking(version);
  const scored = givesVectors(task) ? byVectors : byPairs;
  const found = await scored(dataPlane, version, task, ranking, options, context);
  return [...found].sort((one, other) => other.score - one.score);
}

type Score = (
  ...parameters: [DataPlane, ModelVersion, Task, Ranking, PredictOptions, InferenceContext]
) => Promise<readonly Ranked[]>;

const byVectors: Score = async (dataPlane, version, task, { query, texts, truncate, field }, options, context) => {
  const items = [query, ...texts].map((text) => ({ text, truncate }));
  const named = { ...options, nameOf: (item: number) => (item === 0 ? 'query' : `${field}.${item - 1}`) };
  const [source, ...others] = await predict(dataPlane, version, task, items, named, context);
  return others.map(({ prediction, tokens, isTruncated }, index) => ({
    index,
    score: cosine((source?.prediction ?? []) as readonly number[], prediction as readonly number[]),
    // The query's are counted once.
    tokens: tokens + (index === 0 ? (source?.tokens ?? 0) : 0),
    isTruncated: isTruncated || source?.isTruncated === true,
  }));
};

const byPairs: Score = async (dataPlane, version, task, { query, texts, truncate, isRaw, field }, options, context) => {
  const output = pairScore(version);
  if (!output || task.name !== 'text-classification') throw notForRanking(version);
  const isLogit = output.name === 'logits' && !isRaw;
  const scoring: Task = {
    ...task,
    postprocess: {
      takes: 'outputs',
      gives: 'prediction',
      apply: (outputs) => {
        const [score = 0] = toldNumbers(outputs as Parameters<typeof toldNumbers>[0], output.name);
        return isLogit ? sigmoid(score) : score;
      },
    },
  };
  const items = texts.map((text) => ({ text: query, pair: text, truncate }));
  const named = { ...options, nameOf: (item: number) => `${field}.${item}` };
  const found = await predict(dataPlane, version, scoring, items, named, context);
  return found.map(({ prediction, ...rest }, index) => ({ ...rest, index, score: prediction as number }));
};

function notForRanking(version: ModelVersion): ServiceError {
  return new ServiceError(
    400,
    `${taskWords(version)}: texts are ranked by models with {"task": "text-classification"} that take pairs and give one number for each, or with {"task": "feature-extraction"}`,
    { field: 'model' },
  );
}
