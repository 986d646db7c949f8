import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { collectBytes } from '../../src/graph/collect-bytes.ts';
import type { OnnxModel } from '../../src/graph/onnx-model.ts';
import { quantizeDynamically } from '../../src/graph/passes/quantize-dynamically.ts';
import { quantizeMatMuls } from '../../src/graph/passes/quantize-mat-muls.ts';
import { storeHalves } from '../../src/graph/passes/store-halves.ts';
import { readModel } from '../../src/graph/read-model.ts';
import { bytesAccess } from '../fakes/bytes-access.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';

interface Case {
  readonly rows: number;
  readonly columns: number;
  readonly weight: string;
  readonly halves: string;
  readonly blocks: readonly {
    readonly bits: 4 | 8;
    readonly isSymmetric: boolean;
    readonly values: string;
    readonly scales: string;
    readonly zeroPoints?: string;
  }[];
  readonly byColumn: readonly { readonly isReduced: boolean; readonly values: string; readonly scales: string }[];
}

/** What onnxruntime.quantization 1.32 made of small weights: see make_quantized.py. */
const cases = JSON.parse(readFileSync(join(import.meta.dirname, 'quantized.json'), 'utf8')) as readonly Case[];

function modelOf({ rows, columns, weight }: Case): Promise<OnnxModel> {
  const bytes = buildOnnx({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['n', rows] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['n', columns] }],
    nodes: [{ op: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    initializers: [{ name: 'w', datatype: 'FP32', shape: [rows, columns], data: Buffer.from(weight, 'base64') }],
  });
  return readModel(bytesAccess(bytes));
}

/** The tensors of a model, by name, in base64. */
async function tensorsOf({ graph }: OnnxModel): Promise<Record<string, string>> {
  const tensors = Array.from(graph.initializers, async ([name, { data }]) => {
    const bytes = await collectBytes(data);
    expect(bytes.length).toBe(data.length);
    return [name, Buffer.from(bytes).toString('base64')] as const;
  });
  return Object.fromEntries(await Promise.all(tensors));
}

describe.each(cases)("weights of $rows rows are those of ONNX Runtime's quantizer, byte for byte", (each) => {
  test.each(each.blocks)(
    'in blocks of $bits bits, symmetric: $isSymmetric',
    async ({ bits, isSymmetric, ...expected }) => {
      const model = quantizeMatMuls(await modelOf(each), { bits, isSymmetric, accuracyLevel: 0 });
      const { values, scales, zeroPoints } = expected;
      const all = { [`w_Q${bits}`]: values, w_scales: scales, ...(zeroPoints && { w_zero_points: zeroPoints }) };
      expect(await tensorsOf(model)).toEqual(all);
      // Asked for again, they are made again.
      expect(await tensorsOf(model)).toEqual(all);
    },
  );

  test.each(each.byColumn)('by column, reduced: $isReduced', async ({ isReduced, values, scales }) => {
    const model = quantizeDynamically(await modelOf(each), { isReduced });
    const zeroPoints = Buffer.alloc(each.columns).toString('base64');
    expect(await tensorsOf(model)).toEqual({ w_quantized: values, w_scale: scales, w_zero_point: zeroPoints });
  });
});

test('FLOAT16 tensors are those of numpy, byte for byte', async () => {
  const weight = Buffer.concat(
    Array.from({ length: 10 }, () => cases.map((each) => Buffer.from(each.weight, 'base64'))).flat(),
  );
  const halves = Buffer.concat(
    Array.from({ length: 10 }, () => cases.map((each) => Buffer.from(each.halves, 'base64'))).flat(),
  );
  const model = await modelOf({
    ...(cases[0] as Case),
    rows: weight.length / 4,
    columns: 1,
    weight: weight.toString('base64'),
  });
  expect(await tensorsOf(await storeHalves(model))).toEqual({ w_half: halves.toString('base64') });
});
