import type { BytesTensor, Tensor } from '../../protocol/tensor.ts';
import { digestBytes } from '../digest-bytes.ts';
import type { DataRows } from './data-rows.ts';
import { readRecords } from './read-records.ts';

export interface TextsToRead {
  readonly uri: string;
  readonly target: string;
  /** @default the one besides the target */
  readonly column: string | undefined;
  readonly scratch: string;
  /** What a model takes for a text. */
  readonly tensorsOf: (text: string) => Promise<readonly Tensor[]>;
}

/**
 * Reads a column of texts. Rejects with an Error that says which columns there are, where it cannot be told which has
 * them.
 */
export async function readTexts({ uri, target, column, scratch, tensorsOf }: TextsToRead): Promise<DataRows> {
  const decoder = new TextDecoder();
  const { values, targets, sha256 } = await readRecords({
    uri,
    target,
    scratch,
    inputOf: (all) => {
      const [only, ...others] = column === undefined ? all.filter((name) => name !== target) : [column];
      if (only === undefined || others.length > 0)
        throw new Error(`${uri}: say by --columns which column has the texts: ${all.join(', ')}`);
      return { name: 'text', datatype: 'BYTES', shape: [], fields: [only] };
    },
  });
  const bytes = values.map((value) => (value as BytesTensor).data[0] ?? new Uint8Array());
  return {
    label: uri,
    targets,
    keys: bytes.map((text) => digestBytes([text])),
    sha256,
    tensorsOf: (row) => tensorsOf(decoder.decode(bytes[row])),
  };
}
