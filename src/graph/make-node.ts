import { noBytes } from './no-bytes.ts';
import type { OnnxAttribute, OnnxNode } from './onnx-model.ts';

/** A node of what a pass writes. */
export function makeNode(
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  more: { readonly name?: string; readonly domain?: string; readonly attributes?: Record<string, OnnxAttribute> } = {},
): OnnxNode {
  const { name = '', domain = '', attributes = {} } = more;
  return {
    name,
    opType,
    domain,
    inputs,
    outputs,
    attributes: new Map(Object.entries(attributes)),
    extra: noBytes,
  };
}
