import type { OnnxNode } from '../onnx-model.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** A node on the way back. */
export interface BackwardStep {
  readonly graph: GraphBuilder;
  readonly node: OnnxNode;
  readonly inputs: readonly string[];
  /** The gradient of the loss by each output; undefined where it does not depend on it. */
  readonly gradients: readonly (string | undefined)[];
  /** That of the first output. */
  readonly gradient: string;
  /** Whether anybody asks for the gradient by this input. */
  needs(input: number): boolean;
}

/** How gradients go back through an operator. */
export interface GradientRule {
  /** The inputs that it can be differentiated by; the others are sizes, axes and the like. @default all */
  readonly inputs?: readonly number[];
  /**
   * Of the others those that are floats, such as bounds: where one depends on what is wanted, the node is refused.
   * @default none
   */
  readonly fixed?: readonly number[];
  /** How many outputs may have a gradient. @default 1 */
  readonly outputs?: number;
  /** Why this node cannot be gone back through though its operator can. */
  refuses?(node: OnnxNode, graph: GraphBuilder): string | undefined;
  /** Adds what gives the gradient by each input. That of one that is not needed may be left out. */
  backward(step: BackwardStep): readonly (string | undefined)[];
}

/** Operators by name. */
export type GradientRules = Readonly<Record<string, GradientRule>>;
