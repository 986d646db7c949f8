import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeOnnxModel } from '../../src/adapters/onnx-files/write-onnx-model.ts';
import { openSessionWith } from '../../src/adapters/open-session.ts';
import type { OnnxModel } from '../../src/graph/onnx-model.ts';
import type { SessionOutput } from '../../src/ports/session.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';

const open = openSessionWith('auto');

/**
 * Writes a model, with external data where asked, and runs it in the engine that serves: its outputs, in their order.
 */
export async function runModel(
  model: OnnxModel,
  feeds: Readonly<Record<string, Tensor>>,
  externalData = false,
): Promise<readonly SessionOutput[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tensorgate-run-'));
  try {
    const path = join(folder, 'model.onnx');
    await writeOnnxModel(model, path, { externalData });
    const session = await open(path, { intraOpThreads: 1 });
    try {
      return await session.run({
        inputs: Object.values(feeds),
        inputNames: Object.keys(feeds),
        outputNames: session.outputs.map(({ name }) => name),
      });
    } finally {
      await session.release();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
