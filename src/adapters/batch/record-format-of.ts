import { JsonlFormat } from '../../core/batch/jsonl-format.ts';
import type { RecordFormat } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { defaultLimits } from '../../settings.ts';

const maxRecordBytes = 16 * 1024 * 1024;

const formats: Readonly<Record<string, () => RecordFormat>> = {
  jsonl: () => new JsonlFormat(defaultLimits, maxRecordBytes),
};

/** The format that a file's name tells, by the name that plans give it. Throws ServiceError 400 for another, with those there are. */
export function recordFormatOf(key: string): { readonly format: string; readonly records: RecordFormat } {
  const format = /\.([a-z0-9]+)$/i.exec(key)?.[1]?.toLowerCase() ?? '';
  const make = Object.hasOwn(formats, format) ? formats[format] : undefined;
  if (make) return { format, records: make() };
  const known = Object.keys(formats)
    .map((name) => `.${name}`)
    .join(', ');
  throw new ServiceError(400, `'${key}': expected a name that ends in ${known}`);
}
