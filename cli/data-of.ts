import type { DataRows } from '../src/adapters/training/data-rows.ts';

interface DataFile {
  readonly name: string;
  readonly sha256: string;
}

/** The files that rows are of, for a manifest. */
export function dataOf(rows: DataRows, test: DataRows | undefined): readonly [DataFile, ...DataFile[]] {
  const file = ({ label, sha256 }: DataRows) => ({ name: label, sha256 });
  return [file(rows), ...(test ? [file(test)] : [])];
}
