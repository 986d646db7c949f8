import type { OnnxSummary } from './onnx-summary.ts';

/** Less is not worth a version. */
const leastBytes = 1e6;

/** Why nothing is to be made of a model; undefined where something may be. */
export function whyUntouched({ operators, weightBytes }: OnnxSummary): string | undefined {
  const trees = Object.keys(operators).find((operator) => /^ai\.onnx\.ml\.TreeEnsemble/.test(operator));
  if (trees !== undefined) return `its trees (${trees}) have thresholds, which fewer bits would move`;
  if (weightBytes >= leastBytes) return undefined;
  return `its weights are ${weightBytes} bytes, less than a megabyte: it is loaded and run as quickly as can be`;
}
