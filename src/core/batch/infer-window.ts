import type { Part } from '../../ports/part-writer.ts';
import type { InputRecord } from '../../ports/record-format.ts';
import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { errorLine } from './error-line.ts';
import { inParallel } from './in-parallel.ts';
import { type Outcome, type RunModel, runRecords } from './run-records.ts';

export interface WindowOptions {
  readonly specs: readonly TensorSpec[];
  /** Takes the answers. */
  readonly part: Part;
  /** Records of a run. */
  readonly rows: number;
  readonly runsAtOnce: number;
  readonly run: RunModel;
}

/** What became of a window's records. */
export interface WindowOutcome {
  readonly answered: number;
  /** Lines of those that have no answer, in order. */
  readonly errors: readonly Uint8Array[];
}

interface Decoded {
  readonly place: number;
  readonly record: DecodedRecord;
}

/**
 * Runs the records of a window. Records share a run where their tensors have equal shapes, so nothing is padded and no
 * record's answer depends on its neighbours. Rejects where the fault is not the records'.
 */
export async function inferWindow(
  records: readonly InputRecord[],
  { specs, part, rows, runsAtOnce, run }: WindowOptions,
): Promise<WindowOutcome> {
  const outcomes: Outcome[] = [];
  const decoded: Decoded[] = [];
  for (const [place, record] of records.entries()) {
    try {
      decoded.push({ place, record: record.decode() });
    } catch (error) {
      outcomes[place] = { error: known(error) };
    }
  }
  await inParallel(batches(decoded, rows), runsAtOnce, async (batch) => {
    const found = await runRecords(
      specs,
      batch.map(({ record }) => record),
      run,
    );
    for (const [index, outcome] of found.entries()) outcomes[(batch[index] as Decoded).place] = outcome;
  });
  const byPlace = new Map(decoded.map(({ place, record }) => [place, record.kept]));
  const errors: Uint8Array[] = [];
  for (const [place, record] of records.entries()) {
    const outcome = outcomes[place] as Outcome;
    try {
      if ('error' in outcome) throw outcome.error;
      part.add({ number: record.number, kept: byPlace.get(place) ?? [], ...outcome });
    } catch (error) {
      errors.push(errorLine(record, known(error).message));
    }
  }
  return { answered: records.length - errors.length, errors };
}

/** Up to `rows` records of equal shapes each; the longest first, so that none is left to run when all others are done. */
function batches(decoded: readonly Decoded[], rows: number): readonly (readonly Decoded[])[] {
  const groups = new Map<string, Decoded[]>();
  for (const each of decoded) {
    const key = each.record.tensors.map(({ shape }) => shape.join('x')).join(' ');
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  const bySize = [...groups.values()].sort((a, b) => elements(b[0]) - elements(a[0]));
  return bySize.flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / rows) }, (_, index) => group.slice(index * rows, (index + 1) * rows)),
  );
}

function elements(decoded: Decoded | undefined): number {
  return decoded?.record.tensors.reduce((sum, { data }) => sum + data.length, 0) ?? 0;
}

/** A fault of the record's; any other goes on. */
function known(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  throw error;
}
