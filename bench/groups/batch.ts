import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encoderRow } from '../batch/encoder-row.ts';
import { memoryRows } from '../batch/memory-rows.ts';
import { mlserverRow } from '../batch/mlserver-row.ts';
import { pythonRows } from '../batch/python-rows.ts';
import { workersRow } from '../batch/workers-row.ts';
import type { BenchRow } from '../bench-row.ts';

/** Batch jobs, from the start of `tensorgate batch` to its end, beside what else does the same work. */
export async function* benchBatch(): AsyncGenerator<BenchRow> {
  const folder = mkdtempSync(join(tmpdir(), 'tensorgate-bench-batch-'));
  try {
    yield* pythonRows(folder);
    yield await mlserverRow(folder);
    yield* memoryRows(folder);
    yield await encoderRow(folder);
    yield await workersRow(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
