import { BadRows } from '../../core/training/bad-rows.ts';
import type { BytesTensor, Tensor } from '../../protocol/tensor.ts';
import { digestBytes } from '../digest-bytes.ts';
import type { DataRows } from './data-rows.ts';
import { readRecords } from './read-records.ts';

export interface TextsToRead {
  readonly uri: string;
  readonly target: string;
  /** The one that has the texts. @default the one besides the target */
  readonly columns: readonly string[] | undefined;
  readonly scratch: string;
  /** Whether a row may be of no class, which has to be written. @default false */
  readonly mayHaveNone?: boolean | undefined;
  /** What a model takes for a text. */
  readonly tensorsOf: (text: string) => Promise<readonly Tensor[]>;
}

/**
 * Reads a column of texts. Rejects with an Error that says which columns there are, where it cannot be told which has
 * them.
 */
export async function readTexts({
  uri,
  target,
  columns,
  scratch,
  mayHaveNone,
  tensorsOf,
}: TextsToRead): Promise<DataRows> {
  const decoder = new TextDecoder();
  const { values, targets, notes, sha256 } = await readRecords({
    uri,
    target,
    columns,
    scratch,
    mayHaveNone,
    inputOf: (fields) => {
      if (fields.length > 1)
        throw new Error(`${uri}: say by --columns which one column has the texts: ${fields.join(', ')}`);
      return { name: 'text', datatype: 'BYTES', shape: [], fields };
    },
  });
  const bytes = values.map((value) => (value as BytesTensor).data[0] ?? new Uint8Array());
  const bad = new BadRows(uri);
  for (const [row, text] of bytes.entries()) if (decoder.decode(text).trim() === '') bad.add(row, 'there is no text');
  bad.throwIfAny();
  return {
    label: uri,
    targets,
    notes,
    keys: bytes.map((text) => digestBytes([text])),
    sha256,
    tensorsOf: (row) => tensorsOf(decoder.decode(bytes[row])),
  };
}
