import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSessionWith } from '../../../src/adapters/open-session.ts';
import { collectBytes } from '../../../src/graph/collect-bytes.ts';
import { encodeModel } from '../../../src/graph/encode-model.ts';
import type { OnnxModel } from '../../../src/graph/onnx-model.ts';
import type { Session } from '../../../src/ports/session.ts';
import type { FixedTensor } from '../../../src/protocol/tensor.ts';

export type Feeds = Readonly<Record<string, FixedTensor>>;

/** A model in the runtime that serves. */
export class OpenModel {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  static async open(model: OnnxModel): Promise<OpenModel> {
    const folder = mkdtempSync(join(tmpdir(), 'tensorgate-gradient-'));
    try {
      const path = join(folder, 'model.onnx');
      writeFileSync(path, await collectBytes(encodeModel(model).file));
      return new OpenModel(await openSessionWith('auto')(path, { intraOpThreads: 1 }));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** All outputs by name. Of the feeds, those that the model asks for are taken. */
  async run(feeds: Feeds): Promise<Record<string, FixedTensor>> {
    const inputNames = this.#session.inputs.map(({ name }) => name).filter((name) => name in feeds);
    const outputNames = this.#session.outputs.map(({ name }) => name);
    const inputs = inputNames.map((name) => feeds[name] as FixedTensor);
    const outputs = await this.#session.run({ inputs, inputNames, outputNames });
    // Outputs may be where the next run puts its own.
    return Object.fromEntries(
      outputs.map((output, at) => [outputNames[at], { ...output, data: (output as FixedTensor).data.slice() }]),
    ) as Record<string, FixedTensor>;
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}
