import type { AnsweredRecord } from '../../ports/part-writer.ts';
import type { DecodedRecord } from '../../protocol/decoded-record.ts';
import type { InputTensor, OutputTensor } from '../../protocol/inference.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { stackRecords } from './stack-records.ts';

/** Runs a model. Rejects as the data plane's `infer` does. */
export type RunModel = (inputs: readonly InputTensor[]) => Promise<readonly OutputTensor[]>;

/** What came of a record: its row of outputs, or why it has none. */
export type Outcome = Omit<AnsweredRecord, 'number' | 'kept'> | { readonly error: ServiceError };

/**
 * Runs records of equal shapes together; where the run fails, each half by itself, until the guilty record is found: it
 * fails alone.
 *
 * Rejects where the fault is not the records': the model cannot be loaded (503), or the job was ended (504).
 */
export async function runRecords(
  specs: readonly TensorSpec[],
  records: readonly DecodedRecord[],
  run: RunModel,
): Promise<readonly Outcome[]> {
  try {
    const outputs = await run(stackRecords(specs, records));
    const rows = records.length;
    const odd = rows > 1 && outputs.find(({ shape }) => shape[0] !== rows);
    if (odd) throw new ServiceError(500, `output '${odd.name}' has the shape [${odd.shape}] for ${rows} records`);
    return records.map((_record, row) => ({ outputs, row, rows }));
  } catch (error) {
    if (!(error instanceof ServiceError) || error.status === 503 || error.status === 504) throw error;
    if (records.length === 1) return [{ error }];
  }
  const middle = records.length >> 1;
  const first = await runRecords(specs, records.slice(0, middle), run);
  return [...first, ...(await runRecords(specs, records.slice(middle), run))];
}
