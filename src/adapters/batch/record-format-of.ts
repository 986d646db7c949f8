import { JsonlFormat } from '../../core/batch/jsonl-format.ts';
import { JsonlParts } from '../../core/batch/jsonl-parts.ts';
import type { PartWriter } from '../../ports/part-writer.ts';
import type { RecordFormat } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { defaultLimits } from '../../settings.ts';

const maxRecordBytes = 16 * 1024 * 1024;

const formats: Readonly<Record<string, () => RecordFormat>> = {
  jsonl: () => new JsonlFormat(defaultLimits, maxRecordBytes),
};

/** How a file's records are read, and the parts of its results are written. */
export interface FoundFormat {
  /** The name that plans give it. */
  readonly format: string;
  readonly records: RecordFormat;
  /** What writes the fields that are kept and the answers. */
  readonly partsOf: (kept: readonly string[]) => PartWriter;
}

/** The format that a file's name tells. Throws ServiceError 400 for another, with those there are. */
export function recordFormatOf(key: string): FoundFormat {
  const format = /\.([a-z0-9]+)$/i.exec(key)?.[1]?.toLowerCase() ?? '';
  const make = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (make) return { format, records: make(), partsOf: (kept) => new JsonlParts(kept) };
  const known = Object.keys(formats)
    .map((name) => `.${name}`)
    .join(', ');
  throw new ServiceError(400, `'${key}': expected a name that ends in ${known}`);
}
