import { readFile } from 'node:fs/promises';
import { numpyType } from '../src/adapters/npy/numpy-type.ts';
import { readNpy } from '../src/adapters/npy/read-npy.ts';
import { fitShape } from '../src/core/fit-shape.ts';
import { nestedShape } from '../src/core/nested-shape.ts';
import { decodeInferenceRequest } from '../src/protocol/decode-inference-request.ts';
import type { InputTensor } from '../src/protocol/inference.ts';
import type { TensorSpec } from '../src/protocol/tensor-spec.ts';
import { defaultLimits } from '../src/settings.ts';
import { specOfInput } from './spec-of-input.ts';
import { unreadable } from './unreadable.ts';

/**
 * An input as it is given on the command line: `name=value`, `name=@file.json` or `name=@file.npy`. Rejects with what
 * is wrong.
 */
export async function parseInput(text: string, specs: readonly TensorSpec[]): Promise<InputTensor> {
  const spec = specOfInput(text, specs);
  const value = text.slice(spec.name.length + 1);
  if (!value.startsWith('@')) return fromText(spec, value);
  const file = value.slice(1);
  if (/\.json$/i.test(file)) return fromText(spec, await readFile(file, 'utf8').catch(unreadable(file)));
  if (/\.npy$/i.test(file)) return fromNpy(spec, file, await readFile(file).catch(unreadable(file)));
  throw new Error(`input '${spec.name}': expected @file.json or @file.npy, got '${value}'`);
}

function fromNpy(spec: TensorSpec, file: string, content: Uint8Array): InputTensor {
  const tensor = readNpy(file, content);
  if (tensor.datatype !== spec.datatype) {
    throw new Error(
      `input '${spec.name}': expected ${spec.datatype}, got ${tensor.datatype}: save the array with .astype(${numpyType(spec.datatype)})`,
    );
  }
  return { ...tensor, shape: fitShape(tensor.shape, spec.shape.length), name: spec.name };
}

function fromText(spec: TensorSpec, text: string): InputTensor {
  const { name, datatype } = spec;
  if (datatype === 'FP16' || datatype === 'BF16') {
    throw new Error(
      `input '${name}' is ${datatype}, which JSON cannot carry: give it as ${name}=@file.npy, an array of ${numpyType(datatype)}`,
    );
  }
  const value = parseJson(spec, text);
  const shape = nestedShape(`input '${name}'`, value);
  // Numbers keep their own text: JSON.parse would round those of 64 bits.
  const data = datatype === 'BYTES' ? JSON.stringify([value].flat(Number.POSITIVE_INFINITY)) : flatText(text, shape);
  const head = JSON.stringify({ name, datatype, shape: fitShape(shape, spec.shape.length) });
  const body = new TextEncoder().encode(`{"inputs":[${head.slice(0, -1)},"data":${data}}]}`);
  const [input] = decodeInferenceRequest(body, undefined, defaultLimits).inputs;
  if (!input) throw new TypeError('the decoder lost the input');
  return input;
}

function parseJson({ name, datatype }: TensorSpec, text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown;
    return datatype !== 'BYTES' || typeof value === 'string' || Array.isArray(value) ? value : text;
  } catch {
    if (datatype === 'BYTES') return text;
    throw new Error(`input '${name}': expected JSON such as [1,2], got '${text.slice(0, 40)}'`);
  }
}

function flatText(text: string, shape: readonly number[]): string {
  return shape.includes(0) ? '[]' : `[${text.replaceAll(/[[\]]/g, ' ')}]`;
}
