import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import { countElements } from '../../protocol/count-elements.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { elementWriters } from '../../protocol/element-writers.ts';
import type { InputTensor } from '../../protocol/inference.ts';
import { rowsOf } from '../../protocol/rows-of.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { elementGetters } from '../element-getters.ts';
import { baselineTensors } from './baseline-tensors.ts';
import type { Cell } from './cell.ts';
import { cellPlayers } from './cell-players.ts';
import { mostBaselineRows } from './most-baseline-rows.ts';
import type { Players } from './players.ts';
import type { TypicalInputs } from './typical-inputs.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/**
 * The elements of a row of tensors as players. Throws 400 for tensors of several rows or of no numbers, and a baseline
 * that is no rows of such tensors.
 *
 * @param baseline rows of the same tensors
 * @param typical stands for what is left out where that is undefined; zeros without either
 */
export function tensorPlayers(
  tensors: readonly InputTensor[],
  baseline: readonly InputTensor[] | undefined,
  typical: TypicalInputs | undefined,
): Players {
  for (const tensor of tensors) checkRow(tensor);
  const cells = tensors.flatMap((tensor): readonly Cell[] =>
    elementsOf(tensor).map((value, at) => ({ name: `${tensor.name}[${at}]`, value, datatype: tensor.datatype })),
  );
  const isKnown = tensors.every(({ name, shape }) => typical?.values.get(name)?.length === countElements(shape));
  const usual = isKnown ? typical : undefined;
  const middles = tensors.flatMap(({ name }) => usual?.values.get(name) ?? []);
  const rows = baseline ? baselineRows(tensors, baseline) : [usual ? middles : cells.map(() => 0)];
  return cellPlayers(cells, {
    baseline: rows,
    words: baseline ? undefined : (usual?.words ?? 'zeros'),
    make: async (values) => {
      let at = 0;
      return {
        tensors: tensors.map((tensor) => {
          const count = countElements(tensor.shape);
          at += count;
          return tensorOf(tensor, values.slice(at - count, at));
        }),
      };
    },
  });
}

function checkRow({ name, datatype, shape }: InputTensor): void {
  if (shape[0] === 1 && isNumeric(datatype)) return;
  const why =
    datatype === 'BYTES'
      ? 'a text is explained as an item of a task, which model.json names, at /v1/explain'
      : isNumeric(datatype)
        ? 'several rows are not explained, nor is a state that a model keeps'
        : 'other floats than FP32 and FP64 are not explained';
  throw new ServiceError(
    400,
    `input '${name}': expected one row of numbers to explain, got ${datatype} [${shape}]: ${why}`,
  );
}

function isNumeric(datatype: InputTensor['datatype']): boolean {
  return datatype !== 'BYTES' && elementWriters[datatype] !== undefined;
}

function elementsOf({ datatype, data }: InputTensor): readonly (number | bigint)[] {
  if (datatype === 'BYTES') return [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const size = elementBytes[datatype];
  return Array.from({ length: data.byteLength / size }, (_item, at) => elementGetters[datatype](view, at * size));
}

function tensorOf({ name, datatype, shape }: InputTensor, values: readonly unknown[]): InputTensor {
  if (datatype === 'BYTES') throw new TypeError(`'${name}' holds no numbers`);
  const size = elementBytes[datatype];
  const data = allocateBytes(values.length * size);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const write = elementWriters[datatype];
  // Of very many values, an iterator would take most of the time.
  for (let at = 0; at < values.length; at += 1) write?.(view, at * size, values[at]);
  return { name, datatype, shape, data };
}

function baselineRows(tensors: readonly InputTensor[], baseline: readonly InputTensor[]) {
  const given = baselineTensors(tensors, baseline);
  const counts = given.map(({ shape }) => shape[0] as number);
  const [rows = 0] = counts;
  if (rows < 1 || rows > mostBaselineRows || counts.some((count) => count !== rows))
    throw wrongBaseline(`expected 1 to ${mostBaselineRows} rows, as many of each input, got ${counts.join(' and ')}`);
  return Array.from({ length: rows }, (_item, row) =>
    given.flatMap((tensor) => elementsOf(rowsOf(tensor, row, row + 1))),
  );
}
