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

/** What came of a record, with its fields that are kept. */
type Settled = (Outcome & { readonly kept: DecodedRecord['kept'] }) | { readonly error: ServiceError };

/**
 * Runs the records of a window. Records share a run where their tensors have equal shapes, so nothing is padded and no
 * record's answer depends on its neighbours. Records are decoded, and answers written, while others run. Rejects where
 * the fault is not the records'.
 */
export async function inferWindow(
  records: readonly InputRecord[],
  { specs, part, rows, runsAtOnce, run }: WindowOptions,
): Promise<WindowOutcome> {
  const answers = new OrderedAnswers(records, part);
  const refuse = (place: number, error: ServiceError) => answers.settle(place, { error });
  await inParallel(batches(records, rows, refuse), runsAtOnce, async (batch) => {
    const found = await runRecords(
      specs,
      batch.map(({ record }) => record),
      run,
    );
    for (const [index, outcome] of found.entries()) {
      const { place, record } = batch[index] as Decoded;
      answers.settle(place, { ...outcome, kept: record.kept });
    }
  });
  return { answered: records.length - answers.errors.length, errors: answers.errors };
}

/**
 * Writes answers in the order of their records, each as soon as those before it are there, and holds none for longer.
 */
class OrderedAnswers {
  readonly errors: Uint8Array[] = [];
  readonly #records: readonly InputRecord[];
  readonly #part: Part;
  readonly #settled = new Map<number, Settled>();
  #next = 0;

  constructor(records: readonly InputRecord[], part: Part) {
    this.#records = records;
    this.#part = part;
  }

  settle(place: number, settled: Settled): void {
    this.#settled.set(place, settled);
    for (let next = this.#settled.get(this.#next); next; next = this.#settled.get(this.#next)) {
      this.#settled.delete(this.#next);
      this.#write(this.#records[this.#next] as InputRecord, next);
      this.#next += 1;
    }
  }

  #write(record: InputRecord, settled: Settled): void {
    try {
      if ('error' in settled) throw settled.error;
      this.#part.add({ number: record.number, ...settled });
    } catch (error) {
      this.errors.push(errorLine(record, known(error).message));
    }
  }
}

/**
 * Up to `rows` records of equal shapes each, as they come to be; in the end what is left, the longest first, so that
 * none is left to run when all others are done.
 */
function* batches(
  records: readonly InputRecord[],
  rows: number,
  refuse: (place: number, error: ServiceError) => void,
): Generator<readonly Decoded[]> {
  const groups = new Map<string, Decoded[]>();
  for (const [place, each] of records.entries()) {
    let record: DecodedRecord;
    try {
      record = each.decode();
    } catch (error) {
      refuse(place, known(error));
      continue;
    }
    const key = record.tensors.map(({ shape }) => shape.join('x')).join(' ');
    const group = groups.get(key) ?? [];
    group.push({ place, record });
    if (group.length === 1) groups.set(key, group);
    if (group.length < rows) continue;
    groups.delete(key);
    yield group;
  }
  yield* [...groups.values()].sort((a, b) => elements(b[0]) - elements(a[0]));
}

function elements(decoded: Decoded | undefined): number {
  return decoded?.record.tensors.reduce((sum, { data }) => sum + data.length, 0) ?? 0;
}

/** A fault of the record's; any other goes on. */
function known(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  throw error;
}
