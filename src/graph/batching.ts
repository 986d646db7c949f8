import type { OnnxSummary, OnnxValue } from './onnx-summary.ts';

// These take a scale over a whole tensor, or work with one that was.
const wholeTensorOperators: ReadonlySet<string> = new Set([
  'DynamicQuantizeLinear',
  'com.microsoft.DynamicQuantizeMatMul',
  'com.microsoft.DynamicQuantizeLSTM',
  'com.microsoft.MatMulIntegerToFloat',
]);
// What scikit-learn's ZipMap gives: a map for each row.
const rowMaps = /^sequence\(map\(/;
// What tf2onnx calls a dimension that has no name: each has a number of its own.
const noName = /^unk__[0-9]+$/;

/** Whether requests for a model may share a run, and why. */
export interface Batchability {
  readonly batchable: boolean;
  readonly reason: string;
}

/**
 * Tells whether a model can be run on several requests at once: dimension 0 must be the same free one in every input
 * and output, and no operator may take a scale over the whole tensor, since then an answer depends on its batch mates.
 */
export function batchability({ inputs, outputs, operators }: OnnxSummary): Batchability {
  const operator = Object.keys(operators).find((name) => wholeTensorOperators.has(name));
  if (operator) {
    return no(`${operator} takes its scale over the whole tensor, so an answer would depend on its batch mates`);
  }
  if (inputs.length === 0) return no('the model has no inputs');
  let named: { readonly dimension: string; readonly value: string } | undefined;
  const values = [
    ...inputs.map((value) => ['input', value] as const),
    ...outputs.map((value) => ['output', value] as const),
  ];
  for (const [role, value] of values) {
    const label = `${role} '${value.name}'`;
    const obstacle = whyNot(label, value);
    if (obstacle) return no(obstacle);
    const dimension = String(value.shape?.[0] ?? '');
    if (dimension === '' || noName.test(dimension)) continue;
    if (named && named.dimension !== dimension) {
      return no(`dimension 0 is '${named.dimension}' in ${named.value}, but '${dimension}' in ${label}`);
    }
    named = { dimension, value: label };
  }
  return {
    batchable: true,
    reason: `dimension 0${named ? ` ('${named.dimension}')` : ''} is free in every input and output`,
  };
}

function whyNot(label: string, { datatype, shape }: OnnxValue): string | undefined {
  if (rowMaps.test(datatype)) return undefined;
  if (datatype.includes('(')) return `${label} is a ${datatype}, which has no dimension 0`;
  if (!shape) return `the model does not say what shape ${label} has`;
  if (shape.length === 0) return `${label} is a scalar, which has no dimension 0`;
  return typeof shape[0] === 'number' ? `dimension 0 of ${label} is fixed at ${shape[0]}` : undefined;
}

function no(reason: string): Batchability {
  return { batchable: false, reason };
}
