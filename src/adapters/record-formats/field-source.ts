import { separatorIn } from '../../core/batch/separator-in.ts';
import { listNames } from '../../core/list-names.ts';
import { countElements } from '../../protocol/count-elements.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** How fields of text fill an input. */
export interface FieldSource {
  readonly input: RecordInput;
  /** The columns that fill it, in the order of its elements. */
  readonly columns: readonly number[];
  /** The shape that a record's tensor has. */
  readonly shape: readonly number[];
}

/** Finds the columns that fill an input. Throws ServiceError 400 where they cannot. */
export function fieldSource(input: RecordInput, columns: readonly string[]): FieldSource {
  const { name, datatype, shape, fields } = input;
  const refuse = (what: string) => new ServiceError(400, `input '${name}' (${datatype}): ${what}`);
  if (datatype === 'FP16' || datatype === 'BF16') throw refuse('text cannot carry it; give an .npy or .parquet file');
  const isFree = shape.length === 1 && shape[0] === -1;
  const sizes = isFree ? [fields.length] : shape.map(Math.abs);
  const elements = countElements(sizes);
  const missing = fields.filter((field) => !columns.includes(field));
  if (missing.length > 0) {
    const advice = otherSeparator(columns) ?? whichColumns(name, elements);
    throw refuse(`no column ${listNames(missing)}; the header has ${listNames(columns)}; ${advice}`);
  }
  if (elements !== fields.length) {
    throw refuse(
      `a record has ${elements} elements of it, the shape [${shape}], and ${listNames(fields)} fills ${fields.length}; name a column for each: --map ${name}=<first>..<last>`,
    );
  }
  return { input, columns: fields.map((field) => columns.indexOf(field)), shape: sizes };
}

function whichColumns(name: string, elements: number): string {
  if (elements === 1) return `say which column fills it: --map ${name}=<column>`;
  return `say which columns fill its ${elements} elements: --map ${name}=<column>,<column>,…`;
}

/** What to do where the only column's name looks like several. */
function otherSeparator(columns: readonly string[]): string | undefined {
  const separator = separatorIn(columns);
  if (separator === undefined) return undefined;
  return `if ${JSON.stringify(separator)} is between fields, a manifest has to say so: {"file": …, "separator": ${JSON.stringify(separator)}}`;
}
