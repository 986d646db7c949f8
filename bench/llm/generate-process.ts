import type { DecoderModel } from '../models/decoder-model.ts';
import { setUpPython } from '../peers/set-up-python.ts';
import { Child } from '../processes/child.ts';
import type { GenerateJob, GenerateResult } from '../processes/generate-job.ts';
import { makeGguf } from './make-gguf.ts';

/**
 * What generates text: our engine, a loop over onnxruntime-node, and in Python onnxruntime with native values,
 * onnxruntime-genai and llama-cpp-python.
 */
export type GenerateEngine = GenerateJob['engine'] | 'binding' | 'genai' | 'llama';

export type GenerateSettings = Pick<GenerateJob, 'threads' | 'callers' | 'promptTokens' | 'newTokens' | 'onGpu'>;

/** A process that generates text with one model. */
export class GenerateProcess {
  readonly #child: Child;

  private constructor(child: Child) {
    this.#child = child;
  }

  /** Starts one; it is ready to be measured when this returns. Rejects where it cannot be had. */
  static async start(
    engine: GenerateEngine,
    model: DecoderModel,
    settings: GenerateSettings,
  ): Promise<GenerateProcess> {
    const child = new Child(...commandOf(engine, model, settings));
    await child.next(/^ready$/);
    return new GenerateProcess(child);
  }

  async measure(): Promise<GenerateResult> {
    this.#child.send('');
    return JSON.parse(await this.#child.next(/^(\{.*\})$/)) as GenerateResult;
  }

  end(): Promise<void> {
    return this.#child.end();
  }
}

function commandOf(engine: GenerateEngine, model: DecoderModel, settings: GenerateSettings): [string, string[]] {
  const inPlace = model.kind !== 'plain';
  const job = JSON.stringify({ ...settings, path: model.path, engine, inPlace });
  if (engine === 'generator' || engine === 'loop') {
    return [process.execPath, ['bench/processes/generate.ts', job]];
  }
  const isLlama = engine === 'llama';
  const python = setUpPython(isLlama ? 'llama-requirements.txt' : 'llm-requirements.txt');
  const path = isLlama ? makeGguf(python, model) : model.path;
  return [python, ['bench/peers/generate.py', engine, path, job]];
}
