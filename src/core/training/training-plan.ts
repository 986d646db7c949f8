/** Which inputs and outputs of two models make a step of training: `TrainingGraphs` of `src/graph/gradient` is one. */
export interface TrainingPlan {
  readonly parameters: readonly TrainedParameter[];
  /** Of the model with the gradients: a scalar, what the trained model says, and what it is to say. */
  readonly loss: string;
  readonly prediction: string;
  readonly target: string;
  /** Inputs of the model that takes the step: scalars of FP64. */
  readonly learningRate: string;
  /** From 1. */
  readonly step: string;
  /** Its output that is the length of all gradients together, where they are clipped. */
  readonly norm?: string;
}

export interface TrainedParameter {
  readonly tensor: { readonly name: string };
  /** The output that is the gradient of the loss by it. */
  readonly gradient: string;
  /** The output that takes its place. */
  readonly next: string;
  /** What the optimizer keeps of it: inputs, and the outputs that take their places. */
  readonly states: readonly { readonly name: string; readonly next: string }[];
}
