import { JsonlFormat } from '../../core/batch/jsonl-format.ts';
import { JsonlParts } from '../../core/batch/jsonl-parts.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { PartWriter } from '../../ports/part-writer.ts';
import type { RecordFormat } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { defaultLimits as limits } from '../../settings.ts';
import { CsvFormat } from '../record-formats/csv-format.ts';
import { GzipFormat } from '../record-formats/gzip-format.ts';
import { NpyFormat } from '../record-formats/npy-format.ts';
import { ParquetFormat } from '../record-formats/parquet-format.ts';
import { ParquetParts } from '../record-formats/parquet-parts.ts';

const maxRecordBytes = 16 * 1024 * 1024;
// Text that gzip makes of a file: a thousandth of it may have been uploaded.
const maxDecompressedBytes = 64 * 1024 ** 3;

/** How a file's records are read, and the parts of its results are written. */
export interface FoundFormat {
  /** The name that plans give it. */
  readonly format: string;
  readonly records: RecordFormat;
  /** What writes the fields that are kept, and the outputs: Parquet where the input is. */
  readonly partsOf: (kept: readonly string[], outputs: readonly TensorSpec[]) => PartWriter;
}

export interface FormatOptions {
  /** Where what planning finds is kept until the job is done. */
  readonly work: ObjectStore;
  /** Between fields of CSV; by the file's name without it. */
  readonly separator?: string;
}

type Make = (separator?: string) => RecordFormat;

const texts: Readonly<Record<string, Make>> = {
  jsonl: () => new JsonlFormat(limits, maxRecordBytes),
  csv: (separator = ',') => new CsvFormat({ separator, limits, maxRecordBytes }),
  tsv: (separator = '\t') => new CsvFormat({ separator, limits, maxRecordBytes }),
};

const formats: Readonly<Record<string, Make>> = {
  ...texts,
  npy: () => new NpyFormat(maxRecordBytes),
  parquet: () => new ParquetFormat(),
};

/** The format that a file's name tells. Throws ServiceError 400 for another, with those there are. */
export function recordFormatOf(key: string, { work, separator }: FormatOptions): FoundFormat {
  const [, format = '', gzip] = /\.([a-z0-9]+)(\.gz)?$/i.exec(key)?.map((part) => part?.toLowerCase()) ?? [];
  const known = gzip ? texts : formats;
  const make = Object.hasOwn(known, format) ? known[format] : undefined;
  if (!make) throw new ServiceError(400, `'${key}': expected a name that ends in ${endings()} or .manifest.json`);
  const inner = make(separator);
  const records = gzip ? new GzipFormat({ inner, work, maxBytes: maxDecompressedBytes }) : inner;
  return {
    format: gzip ? `${format}.gz` : format,
    records,
    partsOf: (kept, outputs) => (format === 'parquet' ? new ParquetParts(kept, outputs) : new JsonlParts(kept)),
  };
}

function endings(): string {
  const zipped = Object.keys(texts).map((name) => `${name}.gz`);
  return [...Object.keys(formats), ...zipped].map((name) => `.${name}`).join(', ');
}
