import { runTraining, type TrainingRun } from '../src/adapters/training/run-training.ts';
import { seededRandom } from '../src/core/seeded-random.ts';
import { fixedWeights } from '../src/graph/networks/fixed-weights.ts';
import type { Network } from '../src/graph/networks/network.ts';
import { newNetwork } from '../src/graph/networks/new-network.ts';
import type { TrainOptions } from './train-options.ts';
import { type WatchedModel, type WatchedTraining, watchTraining } from './watch-training.ts';

export interface NetworkTraining
  extends WatchedTraining,
    Pick<TrainingRun, 'inputs' | 'prepared' | 'scratch' | 'inputNames' | 'cuda'> {
  readonly network: Network;
}

/** Trains a network from nothing, all of it but the means and scales of what it takes. */
export function trainNetwork(options: TrainOptions, training: NetworkTraining): Promise<WatchedModel> {
  const { network, inputNames, inputs, prepared, scratch, cuda, ...watched } = training;
  const { recipe } = watched;
  const scales = network.output.normal;
  return watchTraining(options, watched, (run) =>
    runTraining({
      ...run,
      workers: options.workers,
      scratch,
      cuda,
      model: newNetwork(network, seededRandom(recipe.seed)),
      inputNames,
      inputs,
      prepared,
      recipe,
      isFrozen: (weight) => weight.startsWith(fixedWeights),
      ...(scales && { scales, output: `normal_${network.output.name}` }),
    }),
  );
}
