import type { OnnxModel, OnnxTensor } from '../onnx-model.ts';
import { type ApplyOptions, applyGraph, type UpdatedWeight } from './apply-graph.ts';
import { type GradientOptions, gradientGraph } from './gradient-graph.ts';

/** What is trained, by what, and how steps are taken. */
export type TrainingOptions = GradientOptions & ApplyOptions;

/** A model to train, as two models that the serving runtime runs in turn. Neither holds large weights: these are inputs. */
export interface TrainingGraphs {
  /** Inputs of the model, `target` and weights → `loss`, `prediction` and a gradient for each parameter. */
  readonly gradients: OnnxModel;
  /** Parameters, gradients, states, `learningRate` and `step` (DOUBLE, from 1) → the next parameters and states. May write over the old ones. */
  readonly apply: OnnxModel;
  /** Weights that training changes, with the names of their gradients, states and what takes their places. */
  readonly parameters: readonly UpdatedWeight[];
  /** Weights that are inputs of `gradients` too, and stay as they are. */
  readonly frozen: readonly OnnxTensor[];
  readonly loss: string;
  readonly prediction: string;
  readonly target: string;
  readonly learningRate: string;
  readonly step: string;
  /** The output of `apply` that is the length of all gradients together, where they are clipped. */
  readonly norm?: string;
}

/**
 * From a model to the graphs that train it, by reverse-mode differentiation into ONNX's own operators.
 *
 * Throws a NoGradientError where that cannot be, and then says what to freeze. Nothing is run, and no weight is read.
 */
export function trainingGraphs(model: OnnxModel, options: TrainingOptions): TrainingGraphs {
  const { model: gradients, parameters, frozen, loss, prediction, target } = gradientGraph(model, options);
  const applied = applyGraph(parameters, options);
  return { gradients, frozen, loss, prediction, target, ...applied };
}
