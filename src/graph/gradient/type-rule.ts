import type { OnnxNode } from '../onnx-model.ts';
import type { ValueType } from './value-type.ts';

/** What is known of the outputs of a node by what is known of its inputs; an input that is not given is undefined. */
export type TypeRule = (node: OnnxNode, inputs: readonly (ValueType | undefined)[]) => readonly ValueType[];
