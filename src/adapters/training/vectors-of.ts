import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { collectInParallel } from '../../core/batch/collect-in-parallel.ts';
import { rowNumber } from '../../core/training/row-number.ts';
import type { VectorModel } from '../../graph/networks/with-vectors.ts';
import type { CudaOptions } from '../../ports/session.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { writeOnnxModel } from '../onnx-files/write-onnx-model.ts';
import { openSessionWith } from '../open-session.ts';
import type { DataRows } from './data-rows.ts';

export interface VectorsOptions {
  readonly inputNames: readonly string[];
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** The GPU that the model runs on. @default the processor */
  readonly cuda?: CudaOptions | undefined;
  /** Hears of each row that is done. */
  readonly onRow: () => void;
}

/**
 * What a model gives for each row, [1, numbers]. Rows are run one by one, as what some quantized models give depends on
 * what they are run with. Rejects with an Error that names the row that the model does not take.
 */
export async function vectorsOf(
  { model, output }: VectorModel,
  rows: DataRows,
  { inputNames, scratch, signal, cuda, onRow }: VectorsOptions,
): Promise<readonly FixedTensor[]> {
  const path = join(scratch, 'vectors.onnx');
  await writeOnnxModel(model, path);
  const session = await openSessionWith('auto')(path, { intraOpThreads: 1, cuda });
  try {
    return await collectInParallel(rows.keys, availableParallelism(), async (_key, row) => {
      try {
        const run = { inputs: await rows.tensorsOf(row), inputNames, outputNames: [output] };
        const [vector] = (await session.run(run, signal)) as [FixedTensor];
        onRow();
        return vector;
      } catch (error) {
        if (!(error instanceof ServiceError) || error.status >= 500) throw error;
        throw new Error(`${rows.label}: row ${rowNumber(row)}: ${error.message}`, { cause: error });
      }
    });
  } finally {
    await session.release();
  }
}
