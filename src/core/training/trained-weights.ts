import type { FixedTensor } from '../../protocol/tensor.ts';
import type { Trainer } from './trainer.ts';

/** The weights that steps change, by name: the trainer's own memory. */
export function trainedWeights({ trained, weights }: Pick<Trainer, 'trained' | 'weights'>): Map<string, FixedTensor> {
  return new Map(trained.map((name) => [name, weights.get(name) as FixedTensor]));
}
