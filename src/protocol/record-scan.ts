import type { DecodeLimits } from './decode-limits.ts';
import type { DecodedRecord } from './decoded-record.ts';
import { FieldError, type FieldFault } from './field-error.ts';
import { joinElements } from './join-elements.ts';
import { JsonScanner } from './json-scanner.ts';
import { measureArray } from './measure-array.ts';
import { passArray } from './pass-array.ts';
import type { RecordInput } from './record-input.ts';
import { scanTensor } from './scan-tensor.ts';
import { ServiceError } from './service-error.ts';
import { skipValue } from './skip-value.ts';
import { takeValue } from './take-value.ts';
import type { Tensor } from './tensor.ts';
import { wrongKind } from './wrong-kind.ts';

const decoder = new TextDecoder();

/** Which inputs, and which places in them, a field fills. */
type Uses = ReadonlyMap<string, readonly { readonly input: number; readonly element: number }[]>;

/**
 * Reads records of JSON: objects whose fields fill a model's inputs, straight into the bytes that the runtime takes.
 *
 * A field's value is an array, flat or nested as the input's shape says, or one value where the shape has one element.
 */
export class RecordScan {
  readonly #inputs: readonly RecordInput[];
  readonly #kept: readonly string[];
  readonly #limits: DecodeLimits;
  readonly #uses: Uses;

  constructor(inputs: readonly RecordInput[], kept: readonly string[], limits: DecodeLimits) {
    this.#inputs = inputs;
    this.#kept = kept;
    this.#limits = limits;
    this.#uses = usesOf(inputs);
  }

  /**
   * Reads one record. Throws ServiceError 400 for a field that is missing or of the wrong kind, or where it is no JSON
   * object; 413 past a limit.
   */
  read(bytes: Uint8Array): DecodedRecord {
    const scanner = new JsonScanner(bytes, this.#limits);
    const parts = this.#inputs.map((): Tensor[] => []);
    const kept: (string | undefined)[] = this.#kept.map(() => undefined);
    if (scanner.next() !== 0x7b) wrongKind(scanner, 'the record', 'an object');
    for (let more = scanner.enter(0x7d); more; more = scanner.more(0x7d)) {
      if (scanner.next() !== 0x22) scanner.fail('a string');
      const field = scanner.name('a field of the record');
      scanner.colon();
      const start = scanner.at;
      this.#take(scanner, field, parts);
      const place = this.#kept.indexOf(field);
      if (place >= 0) kept[place] = decoder.decode(bytes.subarray(start, scanner.at)).trimEnd();
    }
    scanner.end();
    return { tensors: this.#inputs.map((input, index) => tensorOf(input, parts[index] as Tensor[])), kept };
  }

  /** Takes the value at the scanner, once for each input that it fills. */
  #take(scanner: JsonScanner, field: string, parts: readonly Tensor[][]): void {
    const start = scanner.at;
    const uses = this.#uses.get(field);
    if (!uses) {
      if (scanner.next() === 0x5b) passArray(scanner);
      else skipValue(scanner);
      return;
    }
    for (const { input, element } of uses) {
      scanner.at = start;
      const own = parts[input] as Tensor[];
      if (own[element]) throw new ServiceError(400, `the record has the field '${field}' twice`);
      const spec = this.#inputs[input] as RecordInput;
      try {
        own[element] = readField(scanner, spec);
      } catch (error) {
        scanner.at = start;
        throw refusal(error, field, spec, scanner);
      }
    }
  }
}

function usesOf(inputs: readonly RecordInput[]): Uses {
  const uses = new Map<string, { input: number; element: number }[]>();
  for (const [input, { fields }] of inputs.entries()) {
    for (const [element, field] of fields.entries()) uses.set(field, [...(uses.get(field) ?? []), { input, element }]);
  }
  return uses;
}

/** What is said of the value at the scanner, which fills no input: where the field has a name of its own, with that. */
function refusal(error: unknown, field: string, { name }: RecordInput, scanner: JsonScanner): unknown {
  if (!(error instanceof ServiceError)) return error;
  const message = field === name ? error.message : `field '${field}': ${error.message}`;
  const found = valueAt(scanner);
  if (!found) return new ServiceError(error.status, message, { cause: error });
  return new FieldError(error.status, message, { field, ...found }, { cause: error });
}

/** What Python's json writes for numbers that JSON has not. */
const noJson = /^-?(?:NaN|Infinity)/;

/** Undefined where it is no JSON, and which byte it is that is none is all that there is to say. */
function valueAt(scanner: JsonScanner): Pick<FieldFault, 'kind' | 'got'> | undefined {
  const [got] = noJson.exec(decoder.decode(scanner.bytes.subarray(scanner.at, scanner.at + 9))) ?? [];
  if (got !== undefined) return { kind: 'number', got };
  try {
    return takeValue(scanner);
  } catch {
    return undefined;
  }
}

/** Reads the value of a field: all of an input, or one element of several. */
function readField(scanner: JsonScanner, { name, datatype, shape, fields }: RecordInput): Tensor {
  const isArray = scanner.next() === 0x5b;
  const isElement = fields.length > 1 || (!isArray && shape.every((size) => size === 1 || size === -1));
  const measured = shape.includes(-1) && isArray ? measureArray(scanner, shape) : shape;
  const data = scanTensor(scanner, name, datatype, isElement ? [] : measured);
  const whole = isElement && fields.length === 1 ? shape.map(() => 1) : isElement ? [] : measured;
  return { datatype, shape: whole, data } as Tensor;
}

function tensorOf(input: RecordInput, parts: readonly Tensor[]): Tensor {
  const field = input.fields.find((_field, index) => parts[index] === undefined);
  if (field !== undefined) {
    throw new FieldError(
      400,
      `the record has no field '${field}', which fills the model's input '${input.name}' (${input.datatype})`,
      { field, kind: 'nothing', got: 'nothing' },
    );
  }
  return parts.length === 1 ? (parts[0] as Tensor) : joinElements(input, parts);
}
