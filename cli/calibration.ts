import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeOnnxModel } from '../src/adapters/onnx-files/write-onnx-model.ts';
import { ActivationHistogram } from '../src/core/factory/activation-histogram.ts';
import { spread } from '../src/core/factory/spread.ts';
import type { RangesWithin } from '../src/graph/candidates.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { quantizedActivations } from '../src/graph/passes/quantized-activations.ts';
import { showValues } from '../src/graph/passes/show-values.ts';
import type { Run } from '../src/ports/session.ts';
import type { Tensor } from '../src/protocol/tensor.ts';
import { openModel } from './open-model.ts';

const mostRuns = 128;

/**
 * Counts the activations of a model over up to 128 of the runs, evenly spread over them, once it is asked for a range.
 */
export function calibration(model: OnnxModel, runs: readonly Run[], folder: string): RangesWithin {
  let counted: Promise<ReadonlyMap<string, ActivationHistogram>> | undefined;
  return async (percentile) => {
    counted ??= count(model, spread(runs, mostRuns), join(folder, 'calibration'));
    return new Map([...(await counted)].map(([name, histogram]) => [name, histogram.range(percentile)]));
  };
}

async function count(model: OnnxModel, runs: readonly Run[], folder: string) {
  const histograms = new Map<string, ActivationHistogram>();
  const names = quantizedActivations(model);
  if (runs.length === 0 || names.length === 0) return histograms;
  for (const name of names) histograms.set(name, new ActivationHistogram());
  const given = new Set(model.graph.inputs.map(({ name }) => name));
  const inner = names.filter((name) => !given.has(name));
  await mkdir(folder);
  const path = join(folder, 'model.onnx');
  await writeOnnxModel(showValues(model, inner), path);
  const session = await openModel(path, 'the model with its activations as outputs');
  try {
    for (const run of runs) {
      const outputs = inner.length === 0 ? [] : await session.run({ ...run, outputNames: inner });
      const values = new Map([
        ...run.inputNames.map((name, index) => [name, run.inputs[index] as Tensor] as const),
        ...inner.map((name, index) => [name, outputs[index] as Tensor] as const),
      ]);
      for (const [name, histogram] of histograms) histogram.add(floatsOf(values.get(name)));
    }
    return histograms;
  } finally {
    await session.release();
  }
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  if (tensor?.datatype !== 'FP32') throw new TypeError(`expected FP32 of an activation, got ${tensor?.datatype}`);
  const { buffer, byteOffset, length } = tensor.data;
  return new Float32Array(buffer, byteOffset, length / Float32Array.BYTES_PER_ELEMENT);
}
