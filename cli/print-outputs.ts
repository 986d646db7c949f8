import { countElements } from '../src/protocol/count-elements.ts';
import { elementBytes } from '../src/protocol/element-bytes.ts';
import type { InferenceResponse, OutputTensor } from '../src/protocol/inference.ts';
import type { Tensor } from '../src/protocol/tensor.ts';
import { writeElements } from '../src/protocol/write-elements.ts';
import { printTable } from './print-table.ts';
import { widen } from './widen.ts';

const mostValues = 10;

/** Prints outputs as a table, values past the tenth left out; or all of them as the JSON of an infer response. */
export function printOutputs({ modelName, modelVersion, outputs }: InferenceResponse, json: boolean): void {
  if (json) {
    const written = outputs.map(({ name, parameters, ...tensor }) => {
      const head = JSON.stringify({ name, datatype: tensor.datatype, shape: tensor.shape, parameters });
      return `${head.slice(0, -1)},"data":${writeElements(name, widen(tensor))}}`;
    });
    const head = JSON.stringify({ model_name: modelName, model_version: modelVersion });
    console.log(`${head.slice(0, -1)},"outputs":[${written.join(',')}]}`);
    return;
  }
  printTable(
    ['NAME', 'DATATYPE', 'SHAPE', 'VALUES'],
    outputs.map((output) => [output.name, output.datatype, `[${output.shape}]`, abbreviate(output)]),
  );
}

function abbreviate(tensor: OutputTensor): string {
  const count = Math.min(mostValues, countElements(tensor.shape));
  const values =
    tensor.datatype === 'BYTES'
      ? tensor.data.slice(0, count).map((element) => JSON.stringify(new TextDecoder().decode(element)))
      : writeElements('', firstElements(widen(tensor), count))
          .slice(1, -1)
          .split(',');
  const keys = keysOf(tensor);
  const named = keys.length === 0 ? values : values.map((value, index) => `${keys[index % keys.length]}: ${value}`);
  const left = countElements(tensor.shape) - count;
  return `${named.join(', ')}${left > 0 ? `, … ${left} more` : ''}`;
}

/** What the columns of an output stand for, where it was a sequence of maps. */
function keysOf({ parameters }: OutputTensor): readonly string[] {
  return typeof parameters?.keys === 'string' ? (JSON.parse(parameters.keys) as readonly string[]) : [];
}

function firstElements(tensor: Tensor, count: number): Tensor {
  if (tensor.datatype === 'BYTES') return tensor;
  return { ...tensor, shape: [count], data: tensor.data.subarray(0, count * elementBytes[tensor.datatype]) };
}
