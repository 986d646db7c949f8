import { ServiceError } from '../../protocol/service-error.ts';
import { checkInputs } from '../check-inputs.ts';
import type { ModelVersion } from '../model-version.ts';
import type { Features } from '../tasks/flow.ts';
import { barChart } from './bar-chart.ts';
import { columnPlayers } from './column-players.ts';
import type { ExplainOptions } from './explain-options.ts';
import type { Explanation, WeighedPart } from './explanation.ts';
import type { Players } from './players.ts';
import type { Subject } from './subject.ts';
import { tensorPlayers } from './tensor-players.ts';

/** Players, and what an explanation shows of their weights. */
export interface OpenedPlayers {
  readonly players: Players;
  shown(weights: readonly number[]): Promise<Partial<Explanation>>;
}

/** What an answer to `subject` is shared out among. Rejects with 400 for what it cannot be, or another baseline than there is for it. */
export async function openPlayers(
  version: ModelVersion,
  subject: Subject,
  options: ExplainOptions,
): Promise<OpenedPlayers> {
  const { task, signature } = version;
  if (subject.tensors) {
    checkInputs(signature?.inputs ?? [], subject.tensors);
    return featuresOf(tensorPlayers(subject.tensors, subject.baseline));
  }
  if (task?.preprocess.takes === 'features')
    return featuresOf(columnPlayers(task, subject.item as Features, options.baseline));
  throw new ServiceError(400, `${version.label} takes no items that can be explained`);
}

function featuresOf(players: Players): OpenedPlayers {
  return {
    players,
    shown: async (weights) => {
      const features = weighed(players, weights);
      return { features, chart: barChart(features.map((part) => [featureWords(part), part.weight])) };
    },
  };
}

function weighed({ shown }: Players, weights: readonly number[]): readonly WeighedPart[] {
  return shown.map((part, at) => ({ ...part, weight: weights[at] as number }));
}

function featureWords({ feature, value }: WeighedPart): string {
  return `${String(feature)} = ${String(value)}`;
}
