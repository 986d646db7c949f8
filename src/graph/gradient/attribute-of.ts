import type { OnnxNode } from '../onnx-model.ts';

function whole({ attributes }: OnnxNode, name: string): number | undefined {
  const attribute = attributes.get(name);
  return attribute?.kind === 'int' ? attribute.value : undefined;
}

function wholes({ attributes }: OnnxNode, name: string): readonly number[] | undefined {
  const attribute = attributes.get(name);
  return attribute?.kind === 'ints' ? attribute.value : undefined;
}

function float({ attributes }: OnnxNode, name: string): number | undefined {
  const attribute = attributes.get(name);
  return attribute?.kind === 'float' ? attribute.value : undefined;
}

function text({ attributes }: OnnxNode, name: string): string | undefined {
  const attribute = attributes.get(name);
  return attribute?.kind === 'text' ? attribute.value : undefined;
}

/** Attributes of a node by their names; undefined where a node has none of that name and kind. */
export const attributeOf = { whole, wholes, float, text };
