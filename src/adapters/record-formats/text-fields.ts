import { listNames } from '../../core/list-names.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import { FieldError, type FieldFault } from '../../protocol/field-error.ts';
import { JsonScanner } from '../../protocol/json-scanner.ts';
import { largestFloat } from '../../protocol/largest-float.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { scanTensor } from '../../protocol/scan-tensor.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';
import type { FieldSource } from './field-source.ts';

const number = /^[-+]?((0|[1-9][0-9]*)(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$/;
const wholeNumber = /^-?(0|[1-9][0-9]*)$/;
const booleans: Readonly<Record<string, string>> = { true: 'true', false: 'false', 1: 'true', 0: 'false' };
const encoder = new TextEncoder();
const mostShown = 40;

/** Makes tensors of fields of text: strictly, so that no field of the wrong kind becomes a value. */
export class TextFields {
  readonly #sources: readonly FieldSource[];
  readonly #kept: readonly number[];
  readonly #columns: readonly string[];
  readonly #limits: DecodeLimits;

  /** `kept` are columns, -1 for one that there is not. */
  constructor(
    columns: readonly string[],
    sources: readonly FieldSource[],
    kept: readonly number[],
    limits: DecodeLimits,
  ) {
    this.#columns = columns;
    this.#sources = sources;
    this.#kept = kept;
    this.#limits = limits;
  }

  /** Throws ServiceError 400 for a field that is missing, too many, or of the wrong kind. */
  read(row: readonly string[]): DecodedRecord {
    if (row.length !== this.#columns.length) throw this.#wrongCount(row);
    return {
      tensors: this.#sources.map((source) => this.#tensor(source, row)),
      kept: this.#kept.map((column) => (column < 0 ? undefined : JSON.stringify(row[column]))),
    };
  }

  #tensor({ input, columns, shape }: FieldSource, row: readonly string[]): Tensor {
    const { name, datatype } = input;
    if (datatype === 'BYTES') {
      return { datatype, shape, data: columns.map((column) => encoder.encode(row[column])) };
    }
    const elements = columns.map((column) => this.#element(input, column, row[column] as string));
    const scanner = new JsonScanner(encoder.encode(`[${elements.join(',')}]`), this.#limits);
    return { datatype, shape, data: scanTensor(scanner, name, datatype, [elements.length]) } as FixedTensor;
  }

  /** The JSON of a field's value. */
  #element({ name, datatype }: RecordInput, column: number, field: string): string {
    const text = field.trim();
    const refuse = (expected: string, kind: FieldFault['kind'] = 'text') => {
      const got =
        text === '' ? 'an empty field' : `'${text.length > mostShown ? `${text.slice(0, mostShown)}…` : text}'`;
      const own = this.#columns[column] as string;
      return new FieldError(
        400,
        `column '${own}', which fills the model's input '${name}' (${datatype}): expected ${expected}, got ${got}`,
        { field: own, kind: text === '' ? 'null' : kind, got },
      );
    };
    if (datatype === 'BOOL') {
      const word = booleans[text.toLowerCase()];
      if (word === undefined) throw refuse('true or false');
      return word;
    }
    if (datatype !== 'FP32' && datatype !== 'FP64') {
      if (!wholeNumber.test(text)) throw refuse('a whole number');
      return text;
    }
    if (!number.test(text)) throw refuse('a number');
    if (Math.abs(Number(text)) > largestFloat[datatype]) throw refuse(`a number in ${datatype}'s range`, 'number');
    return numberJson(text);
  }

  #wrongCount(row: readonly string[]): ServiceError {
    const columns = this.#columns;
    const head = `the record has ${row.length} fields where the header names ${columns.length} columns`;
    const detail =
      row.length < columns.length
        ? `: none for ${listNames(columns.slice(row.length))}`
        : `: after '${columns.at(-1)}' comes '${row[columns.length]?.slice(0, mostShown)}'; quote a field that has the separator`;
    return new ServiceError(400, head + detail);
  }
}

/** A number in JSON, which has digits on both sides of a point, and no plus before them. */
function numberJson(text: string): string {
  return text
    .replace(/^\+/, '')
    .replace(/^-?(?=\.)/, '$&0')
    .replace(/\.(?=e|$)/i, '');
}
