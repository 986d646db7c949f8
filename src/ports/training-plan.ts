/** Which inputs and outputs of the models of a training make a step. */
export interface TrainingPlan {
  readonly parameters: readonly TrainedParameter[];
  /** Of the model with the gradients: a scalar, what the trained model says, and what it is to say. */
  readonly loss: string;
  readonly prediction: string;
  readonly target: string;
  /** Its output that is the length of all gradients together, where they are clipped: a scalar of FP64. */
  readonly norm?: string;
  /** The models that take the step, one for each type of parameters. */
  readonly apply: readonly StepRule[];
}

export interface TrainedParameter {
  readonly tensor: { readonly name: string };
  /** The output that is the gradient of the loss by it. */
  readonly gradient: string;
  /** Whether it is drawn to 0. */
  readonly decays: boolean;
}

/**
 * Inputs and outputs of a model that takes the step of parameters of a type: of each element by itself, so that it
 * takes any number of them. Those that are no scalars have one axis, and are as long as each other.
 */
export interface StepRule {
  readonly datatype: 'FP32' | 'FP64';
  readonly parameter: string;
  readonly gradient: string;
  /** The output that takes the parameter's place. */
  readonly next: string;
  /** What the optimizer keeps, zeros at first: inputs, and the outputs that take their places. */
  readonly states: readonly { readonly name: string; readonly next: string }[];
  /** Inputs that are scalars of FP64. */
  readonly learningRate: string;
  /** From 1. */
  readonly step: string;
  /** 1 where elements are drawn to 0, else 0. */
  readonly decay: string;
  /** The length of all gradients together, where they are clipped. */
  readonly norm?: string;
}
