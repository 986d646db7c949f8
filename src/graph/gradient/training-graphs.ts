import type { TrainedParameter, TrainingPlan } from '../../ports/training-plan.ts';
import type { OnnxModel, OnnxTensor } from '../onnx-model.ts';
import { type ApplyGraph, type ApplyOptions, applyGraph } from './apply-graph.ts';
import { type DifferentiatedWeight, type GradientOptions, gradientGraph } from './gradient-graph.ts';
import { updateRuleOf } from './optimizers/update-rule-of.ts';

/** What is trained, by what, and how steps are taken. */
export type TrainingOptions = Omit<GradientOptions, 'hasNorm'> & ApplyOptions;

/** A model to train, as models that the serving runtime runs in turn. None holds large weights: these are inputs. */
export interface TrainingGraphs extends TrainingPlan {
  /** Inputs of the model, `target` and weights → `loss`, `prediction` and a gradient for each parameter, and `norm`. */
  readonly gradients: OnnxModel;
  /** The same inputs → `loss` and `prediction`. */
  readonly evaluation: OnnxModel;
  readonly apply: readonly ApplyGraph[];
  readonly parameters: readonly (DifferentiatedWeight & TrainedParameter)[];
  /** Weights that are inputs of `gradients` too, and stay as they are. */
  readonly frozen: readonly OnnxTensor[];
}

/**
 * From a model to the graphs that train it, by reverse-mode differentiation into ONNX's own operators.
 *
 * Throws a NoGradientError where that cannot be, and then says what to freeze. Nothing is run, and no weight is read.
 */
export function trainingGraphs(model: OnnxModel, options: TrainingOptions): TrainingGraphs {
  const { optimizer, l1 = 0, l2 = 0, clipNorm } = options;
  const {
    model: gradients,
    parameters,
    ...rest
  } = gradientGraph(model, {
    ...options,
    hasNorm: clipNorm !== undefined,
  });
  const areDrawn = l1 !== 0 || l2 !== 0 || updateRuleOf(optimizer).decays;
  const types = new Set(parameters.map(({ tensor }) => tensor.dataType));
  return {
    ...rest,
    gradients,
    apply: Array.from(types, (type) => applyGraph(type, options)),
    // Biases and scales are not drawn to 0.
    parameters: parameters.map((each) => ({ ...each, decays: areDrawn && each.tensor.shape.length > 1 })),
  };
}
