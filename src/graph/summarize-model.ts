import { countElements } from '../protocol/count-elements.ts';
import type { OnnxGraph, OnnxModel } from './onnx-model.ts';
import type { OnnxSummary } from './onnx-summary.ts';
import { operatorOf } from './operator-of.ts';
import { visitModel } from './visit-model.ts';

/** What a model is made of, without a look at its weights. */
export function summarizeModel(model: OnnxModel): OnnxSummary {
  const operators = new Map<string, number>();
  const externalData = new Set<string>();
  let parameters = 0;
  let weightBytes = 0;
  const addFloats = (count: number) => {
    parameters += count;
    weightBytes += 4 * count;
  };
  visitModel(model, {
    node: (node) => {
      const operator = operatorOf(node);
      operators.set(operator, (operators.get(operator) ?? 0) + 1);
    },
    attribute: (attribute) => {
      if (attribute.kind === 'other') addFloats(attribute.floats);
      if (attribute.kind === 'floats') addFloats(attribute.value.length);
    },
    tensor: ({ shape, data, location }) => {
      parameters += countElements(shape);
      weightBytes += data.length;
      if (location !== undefined) externalData.add(location);
    },
  });
  return {
    producer: `${model.producerName} ${model.producerVersion}`.trim(),
    opsets: Object.fromEntries(Array.from(model.opsets, ([domain, version]) => [domain || 'ai.onnx', version])),
    operators: Object.fromEntries([...operators].sort(([, a], [, b]) => b - a)),
    parameters,
    weightBytes,
    externalData: [...externalData],
    isDecoder: isDecoder(model.graph),
  };
}

function isDecoder({ inputs, outputs }: OnnxGraph): boolean {
  return (
    inputs.some(({ name }) => name.startsWith('past_key_values.')) && outputs.some(({ name }) => name === 'logits')
  );
}
