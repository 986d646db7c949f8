import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import { JsonScanner } from '../../protocol/json-scanner.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { scanTensor } from '../../protocol/scan-tensor.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FixedTensor, Tensor } from '../../protocol/tensor.ts';

const number = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;
const wholeNumber = /^-?(0|[1-9][0-9]*)$/;
const booleans: Readonly<Record<string, string>> = { true: 'true', false: 'false', 1: 'true', 0: 'false' };
const encoder = new TextEncoder();
const mostShown = 40;

interface Source {
  readonly input: RecordInput;
  /** The columns that fill it, in the order of its elements. */
  readonly columns: readonly number[];
}

/** Makes tensors of fields of text: strictly, so that no field of the wrong kind becomes a value. */
export class TextFields {
  readonly #sources: readonly Source[];
  readonly #kept: readonly number[];
  readonly #columns: readonly string[];
  readonly #limits: DecodeLimits;

  /** Throws ServiceError 400 where the columns cannot fill an input. */
  constructor(
    columns: readonly string[],
    inputs: readonly RecordInput[],
    kept: readonly string[],
    limits: DecodeLimits,
  ) {
    this.#columns = columns;
    this.#kept = kept.map((name) => columns.indexOf(name));
    this.#limits = limits;
    this.#sources = inputs.map((input) => {
      checkInput(input, columns);
      return { input, columns: input.fields.map((field) => columns.indexOf(field)) };
    });
  }

  /** Throws ServiceError 400 for a field that is missing, too many, or of the wrong kind. */
  read(row: readonly string[]): DecodedRecord {
    if (row.length !== this.#columns.length) throw this.#wrongCount(row);
    return {
      tensors: this.#sources.map((source) => this.#tensor(source, row)),
      kept: this.#kept.map((column) => (column < 0 ? undefined : JSON.stringify(row[column]))),
    };
  }

  #tensor({ input, columns }: Source, row: readonly string[]): Tensor {
    const { datatype, shape } = input;
    const known = shape.length === 1 && shape[0] === -1 ? [columns.length] : shape.map((size) => Math.abs(size));
    if (datatype === 'BYTES') {
      return { datatype, shape: known, data: columns.map((column) => encoder.encode(row[column])) };
    }
    const elements = columns.map((column) => this.#element(input, column, row[column] as string));
    const scanner = new JsonScanner(encoder.encode(`[${elements.join(',')}]`), this.#limits);
    return {
      datatype,
      shape: known,
      data: scanTensor(scanner, input.name, datatype, [elements.length]),
    } as FixedTensor;
  }

  /** The JSON of a field's value. */
  #element({ name, datatype }: RecordInput, column: number, field: string): string {
    const text = field.trim();
    const refuse = (expected: string) => {
      const got =
        text === '' ? 'an empty field' : `'${text.length > mostShown ? `${text.slice(0, mostShown)}…` : text}'`;
      return new ServiceError(
        400,
        `column '${this.#columns[column]}', which fills the model's input '${name}' (${datatype}): expected ${expected}, got ${got}`,
      );
    };
    if (datatype === 'BOOL') {
      const word = booleans[text.toLowerCase()];
      if (word === undefined) throw refuse('true or false');
      return word;
    }
    const isFloat = datatype === 'FP32' || datatype === 'FP64';
    if (!(isFloat ? number : wholeNumber).test(text)) throw refuse(isFloat ? 'a number' : 'a whole number');
    return text;
  }

  #wrongCount(row: readonly string[]): ServiceError {
    const columns = this.#columns;
    const head = `the record has ${row.length} fields where the header names ${columns.length} columns`;
    const detail =
      row.length < columns.length
        ? `: none for ${listed(columns.slice(row.length))}`
        : `: after '${columns.at(-1)}' comes '${row[columns.length]?.slice(0, mostShown)}'; quote a field that has the separator`;
    return new ServiceError(400, head + detail);
  }
}

function checkInput({ name, datatype, shape, fields }: RecordInput, columns: readonly string[]): void {
  const refuse = (what: string) => new ServiceError(400, `input '${name}' (${datatype}): ${what}`);
  if (datatype === 'FP16' || datatype === 'BF16') throw refuse('text cannot carry it; give an .npy or .parquet file');
  const missing = fields.filter((field) => !columns.includes(field));
  if (missing.length > 0) {
    throw refuse(
      `no column ${listed(missing)}; the header has ${listed(columns)}; say which column fills it: --map ${name}=<column>`,
    );
  }
  const free = shape.length === 1 && shape[0] === -1;
  const elements = shape.reduce((product, size) => product * Math.abs(size), 1);
  if (!free && elements !== fields.length) {
    throw refuse(
      `a record has ${elements} elements of it, the shape [${shape}], and ${listed(fields)} fills ${fields.length}; name a column for each: --map ${name}=<first>..<last>`,
    );
  }
}

const mostListed = 12;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostListed).map((name) => `'${name}'`);
  return `${shown.join(', ')}${names.length > mostListed ? ` and ${names.length - mostListed} more` : ''}`;
}
