import { decodeInferenceRequest } from '../src/protocol/decode-inference-request.ts';
import { defaultLimits } from '../src/settings.ts';
import { median } from './median.ts';
import type { BenchRow } from './row.ts';

const elements = 150_528;
const rounds = 15;

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
export function benchJsonDecode(): BenchRow[] {
  let seed = 42;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return (seed + Math.abs(Math.sin(seed))) / 2147483649;
  };
  const values = Array.from({ length: elements }, random);
  return formats.map(([name, target, datatype, write]) => {
    const body = Buffer.from(
      `{"inputs":[{"name":"x","shape":[${elements}],"datatype":"${datatype}","data":[${values.map(write).join(',')}]}]}`,
    );
    const ours = () => decodeInferenceRequest(body, undefined, defaultLimits);
    const theirs = () => {
      const { data } = (JSON.parse(body.toString()) as { inputs: [{ data: number[] }] }).inputs[0];
      if (datatype === 'INT64') return BigInt64Array.from(data, BigInt);
      return datatype === 'FP32' ? Float32Array.from(data) : Float64Array.from(data);
    };
    const times: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      for (const [i, run] of [ours, theirs].entries()) {
        const started = performance.now();
        run();
        (times[i] as number[]).push(performance.now() - started);
      }
    }
    const [mine, other] = times.map((each) => median(each.slice(3))) as [number, number];
    return {
      name: `decoding JSON: ${name}`,
      against: 'JSON.parse and a copy',
      target,
      ratio: other / mine,
      detail: `${mine.toFixed(2)} against ${other.toFixed(2)} ms`,
    };
  });
}
