import { createHash } from 'node:crypto';
import type { BatchReport } from '../../src/core/batch/batch-report.ts';
import { readBytes } from '../../src/core/batch/read-bytes.ts';
import type { ResultFile } from '../../src/core/batch/shard-report.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';

/**
 * Reads the results of a job whose records have their number for an id: each has one answer or one error, the files are
 * what the report says, in order, and nothing else is left. Throws an Error that says what is not so.
 */
export async function checkResults(output: ObjectStore, report: BatchReport, records: number): Promise<void> {
  const answered: number[] = [];
  for (const part of report.parts) answered.push(...(await numbers(output, part, ({ id }) => id)));
  const failed = report.errors ? await numbers(output, report.errors, ({ record }) => record) : [];
  for (const found of [answered, failed])
    same(
      'order',
      found,
      found.toSorted((one, other) => one - other),
    );
  const all = [...answered, ...failed].sort((one, other) => one - other);
  same(
    'records',
    all,
    Array.from({ length: records }, (_, number) => number),
  );
  same('counts', [report.records, report.answered, report.failed], [records, answered.length, failed.length]);
  const files = [...report.parts, ...(report.errors ? [report.errors] : [])].map(({ file }) => file);
  const there = (await output.list('')).map(({ key }) => key);
  same('files', there, [...files, 'report.json'].sort());
}

async function numbers(
  output: ObjectStore,
  { file, records, bytes, checksum }: ResultFile,
  numberOf: (line: { id: number; record: number }) => number,
): Promise<readonly number[]> {
  const stored = await output.find(file);
  if (!stored) throw new Error(`${file} is not there`);
  const content = await readBytes(output, stored);
  const found = Buffer.from(content).toString().split('\n').slice(0, -1);
  same(file, [found.length, content.length, sha256(content)], [records, bytes, checksum]);
  return found.map((line) => numberOf(JSON.parse(line)));
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function same(what: string, found: readonly unknown[], expected: readonly unknown[]): void {
  if (JSON.stringify(found) === JSON.stringify(expected)) return;
  throw new Error(`${what}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(found)}`);
}
