import { type FolderTask, taskOfFolder } from '../src/core/hugging-face/task-of-folder.ts';
import { parseSamples } from '../src/core/releases/parse-samples.ts';
import { sampleRun } from '../src/core/releases/sample-run.ts';
import { samplesFile } from '../src/core/releases/samples-file.ts';
import type { Schema } from '../src/core/releases/schema-breaks.ts';
import { zeroTensor } from '../src/core/zero-tensor.ts';
import type { Session } from '../src/ports/session.ts';
import { defaultLimits } from '../src/settings.ts';
import type { FilesToPush } from './files-to-push.ts';
import { openModel } from './open-model.ts';
import { readTextBeside } from './read-text-beside.ts';
import { warnOfChatTemplate } from './warn-of-chat-template.ts';

/** What a model turned out to be. */
interface TriedModel {
  readonly schema: Schema;
  /** What the files beside it are for; undefined where they do not say. */
  readonly folder: FolderTask | undefined;
}

/**
 * Runs the model once on zeros, and says what the files beside it are for. Rejects where it cannot be loaded or run, or
 * its samples do not fit it.
 *
 * @param hasRun it has answered other inputs here: it is not run on zeros, of guessed sizes, once more
 */
export async function tryOut({ model, label, files }: FilesToPush, hasRun = false): Promise<TriedModel> {
  const session = await openModel(model, label);
  try {
    if (!hasRun) await runOnZeros(session, label);
    const { inputs, outputs } = session;
    const signature = { inputs, outputs, unservable: [], labels: new Map() };
    const readText = (file: string) => readTextBeside({ files }, file);
    await warnOfChatTemplate(readText);
    if (files.has(samplesFile))
      for (const sample of parseSamples(await readText(samplesFile))) sampleRun(session, sample, defaultLimits);
    return { schema: { inputs, outputs }, folder: await taskOfFolder({ signature, readText }) };
  } finally {
    await session.release();
  }
}

async function runOnZeros(session: Session, label: string): Promise<void> {
  try {
    await session.run({
      inputNames: session.inputs.map((input) => input.name),
      inputs: session.inputs.map((input) => zeroTensor(input)),
      outputNames: session.outputs.map((output) => output.name),
    });
  } catch (error) {
    // A model may refuse the size 1 that was guessed for its free dimensions; that says nothing against it.
    const guessed = session.inputs.some((input) => input.shape.includes(-1));
    const message = error instanceof Error ? error.message : String(error);
    if (!guessed) throw new Error(`${label} loads, but a run on zeros fails: ${message}`);
    console.error(
      `warning: a run on zeros, with free dimensions of 1, was refused (set warmupShapes in model.json): ${message}`,
    );
  }
}
