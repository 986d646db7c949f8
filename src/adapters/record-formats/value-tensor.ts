import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import { countElements } from '../../protocol/count-elements.ts';
import type { Datatype } from '../../protocol/datatype.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import { elementWriters } from '../../protocol/element-writers.ts';
import { FieldError, type FieldFault } from '../../protocol/field-error.ts';
import { largestFloat } from '../../protocol/largest-float.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';

/**
 * A record's tensor from the values of its fields: one of all of it, nested or flat, or one for each element.
 *
 * Throws ServiceError 400 that names the field where a value is missing, of the wrong kind or out of range, or where
 * rows differ.
 */
export function valueTensor(input: RecordInput, values: readonly unknown[]): Tensor {
  const { datatype, shape, fields } = input;
  const elements: unknown[] = [];
  if (fields.length > 1) elements.push(...values);
  const sizes = fields.length > 1 ? [fields.length] : flatten(input, values[0], elements);
  checkNoNull(input, elements);
  const known = shapeOf(input, sizes, elements.length);
  for (let index = 0; index < elements.length; index += 1) check(input, index, elements[index]);
  if (datatype === 'BYTES') return { datatype, shape: known, data: elements as Uint8Array[] };
  const write = elementWriters[datatype];
  if (!write) throw new ServiceError(400, `input '${input.name}': values cannot fill ${datatype}; give an .npy file`);
  const size = elementBytes[datatype];
  const data = allocateBytes(elements.length * size);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  for (let index = 0; index < elements.length; index += 1) write(view, index * size, elements[index]);
  return { datatype, shape: shape.length === 0 ? [] : known, data };
}

/** The field that an element comes from. */
function fieldOf({ fields }: RecordInput, index: number): string {
  return fields[fields.length > 1 ? index : 0] as string;
}

function checkNoNull(input: RecordInput, elements: readonly unknown[]): void {
  const index = elements.findIndex((element) => element === null || element === undefined);
  if (index < 0) return;
  const field = fieldOf(input, index);
  throw new FieldError(
    400,
    `column '${field}', which fills the model's input '${input.name}' (${input.datatype}): expected a value, got null`,
    { field, kind: 'null', got: 'null' },
  );
}

/** Puts the elements of nested lists in a row; the sizes of the lists. */
function flatten(input: RecordInput, value: unknown, elements: unknown[], depth = 0): readonly number[] {
  if (!isList(value)) {
    elements.push(value);
    return [];
  }
  const sizes = Array.from(value, (item) => flatten(input, item, elements, depth + 1));
  const [first = [], ...others] = sizes;
  if (others.some((other) => other.join() !== first.join())) {
    const [field = ''] = input.fields;
    const got = 'lists that differ';
    throw new FieldError(400, `column '${field}': expected lists of one length, got ${got}`, {
      field,
      kind: 'list',
      got,
    });
  }
  return [value.length, ...first];
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof Uint8Array));
}

function shapeOf({ name, shape, fields }: RecordInput, sizes: readonly number[], count: number): readonly number[] {
  const isNested = sizes.length === shape.length && shape.every((size, axis) => size < 0 || size === sizes[axis]);
  if (isNested) return sizes;
  const fixed = shape.map((size) => (size < 0 ? 1 : size));
  // Flat where the shape is known, and one value for a shape of one element.
  const isFlat = sizes.length <= 1 && countElements(fixed) === count;
  if (isFlat && (sizes.length === 0 || !shape.includes(-1))) return fixed;
  const got = sizes.length > 0 ? `[${sizes}]` : 'one value';
  const [field = ''] = fields;
  throw new FieldError(400, `column '${field}': the model's input '${name}' takes the shape [${shape}], got ${got}`, {
    field,
    kind: sizes.length > 0 ? 'list' : 'other',
    got,
  });
}

const ranges: Readonly<Partial<Record<Datatype, readonly [least: bigint, most: bigint]>>> = Object.fromEntries(
  [8n, 16n, 32n, 64n].flatMap((bits) => [
    [`UINT${bits}`, [0n, 2n ** bits - 1n]],
    [`INT${bits}`, [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]],
  ]),
);

function check(input: RecordInput, index: number, value: unknown): void {
  const { name, datatype } = input;
  const range = ranges[datatype];
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  if (datatype === 'BYTES' && value instanceof Uint8Array) return;
  if (datatype === 'BOOL' && typeof value === 'boolean') return;
  if (datatype === 'FP64' && isNumber) return;
  const isLarge = isNumber && Number.isFinite(Number(value)) && Math.abs(Number(value)) > largestFloat.FP32;
  if (datatype === 'FP32' && isNumber && !isLarge) return;
  if (range && isNumber && value >= range[0] && value <= range[1]) return;
  const expected = range ? `a whole number from ${range[0]} to ${range[1]}` : (kinds[datatype] ?? 'a number');
  const got = value instanceof Uint8Array ? 'a string' : String(value);
  const field = fieldOf(input, index);
  throw new FieldError(
    400,
    `column '${field}', which fills the model's input '${name}' (${datatype}): expected ${expected}, got ${got}`,
    { field, kind: kindOf(value), got },
  );
}

function kindOf(value: unknown): FieldFault['kind'] {
  if (value instanceof Uint8Array) return 'text';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  return typeof value === 'boolean' ? 'boolean' : 'other';
}

const kinds: Readonly<Partial<Record<Datatype, string>>> = {
  BYTES: 'a string',
  BOOL: 'true or false',
  FP32: "a number in FP32's range",
};
