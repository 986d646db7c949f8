import { seededRandom } from '../../src/core/seeded-random.ts';
import { decodeInferenceRequest } from '../../src/protocol/decode-inference-request.ts';
import { defaultLimits } from '../../src/settings.ts';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';

const elements = 150_528;
const rounds = 15;
// Enough for both to be compiled.
const warmUpRounds = 3;

const formats: readonly [
  name: string,
  target: number,
  datatype: 'FP32' | 'FP64' | 'INT64',
  write: (value: number) => string,
][] = [
  ['FP32 of 4 to 9 digits', 2.5, 'FP32', (value) => value.toPrecision(4 + (Math.floor(value * 1e6) % 6))],
  ['FP32 of 17 digits', 1, 'FP32', (value) => String(value)],
  ['FP64 of 17 digits', 1, 'FP64', (value) => String(value)],
  ['FP32 with exponents', 1, 'FP32', (value) => (value * 1e-7).toExponential(6)],
  ['FP32 whole numbers', 1, 'FP32', (value) => String(Math.floor(value * 256))],
  ['INT64', 1, 'INT64', (value) => String(Math.floor(value * 1e6))],
];

/** Decoding a JSON body of 150,528 numbers, against JSON.parse and a copy into a typed array. */
export async function* benchJsonDecode(): AsyncGenerator<BenchRow> {
  const values = Array.from({ length: elements }, seededRandom());
  for (const [name, least, datatype, write] of formats) {
    const data = values.map(write).join(',');
    const body = Buffer.from(
      `{"inputs":[{"name":"x","shape":[${elements}],"datatype":"${datatype}","data":[${data}]}]}`,
    );
    const measured = await inTurns(
      warmUpRounds + rounds,
      () => milliseconds(() => decodeInferenceRequest(body, undefined, defaultLimits)),
      () => milliseconds(() => parseAndCopy(body, datatype)),
    );
    const [ours, theirs] = measured.map((times) => times.slice(warmUpRounds)) as [number[], number[]];
    yield {
      what: `decoding JSON: ${name}`,
      against: 'JSON.parse and a copy',
      measured: medianRatio(theirs, ours),
      unit: '×',
      target: { atLeast: least },
      figures: `${median(ours).toFixed(2)} / ${median(theirs).toFixed(2)} ms`,
    };
  }
}

function milliseconds(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

function parseAndCopy(body: Buffer, datatype: string): unknown {
  const { data } = (JSON.parse(body.toString()) as { inputs: [{ data: number[] }] }).inputs[0];
  if (datatype === 'INT64') return BigInt64Array.from(data, BigInt);
  return datatype === 'FP32' ? Float32Array.from(data) : Float64Array.from(data);
}
