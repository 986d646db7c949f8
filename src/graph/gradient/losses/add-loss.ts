import type { GraphBuilder } from '../graph-builder.ts';
import type { AddedLoss } from './added-loss.ts';
import { binaryCrossEntropy } from './binary-cross-entropy.ts';
import { cosineDistance } from './cosine-distance.ts';
import { crossEntropy } from './cross-entropy.ts';
import { distillation } from './distillation.ts';
import type { Loss } from './loss.ts';
import { meanSquaredError } from './mean-squared-error.ts';

/** Adds a loss, and its gradient by the prediction, to a graph. */
export function addLoss(graph: GraphBuilder, loss: Loss, prediction: string, target: string): AddedLoss {
  switch (loss.kind) {
    case 'cross-entropy':
      return crossEntropy(graph, prediction, target, loss);
    case 'mean-squared-error':
      return meanSquaredError(graph, prediction, target);
    case 'binary-cross-entropy':
      return binaryCrossEntropy(graph, prediction, target);
    case 'distillation':
      return distillation(graph, prediction, target, loss);
    case 'cosine':
      return cosineDistance(graph, prediction, target);
  }
}
