import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkAnswer } from '../../core/check-answer.ts';
import { takeAnswer } from '../../core/take-answer.ts';
import { trialRun } from '../../core/trial-run.ts';
import type { ModelConfig, ModelFiles } from '../../ports/model-store.ts';
import type { Session } from '../../ports/session.ts';
import type { StoredAnswer } from '../../ports/stored-answer.ts';
import { checkGraph } from '../directory-model-store/check-graph.ts';
import { weightsFile } from '../onnx-native/weights-file.ts';
import { type Manifest, manifestFile } from './manifest.ts';
import { measureForms } from './measure-forms.ts';
import type { Preparation } from './preparation.ts';
import { unusedManifest } from './unused-manifest.ts';
import { whyNoBetter } from './why-no-better.ts';

/**
 * Makes the prepared form of a model in `folder`; or there is a note why there is none to be used. Rejects where the
 * model itself does not load.
 */
export async function makeForm(
  files: ModelFiles,
  config: ModelConfig,
  folder: string,
): Promise<Pick<Preparation, 'whyNot' | 'figures'>> {
  // Imported on demand: koffi throws where it has no build for this machine.
  const { openNativeSession } = await import('../onnx-native/open-native-session.ts');
  const open = (path: string, isPrepared: boolean) => openNativeSession(path, { intraOpThreads: 1, isPrepared });
  const plain = await open(files.path, false);
  try {
    const answer = await takeAnswer(plain, config.warmupShapes);
    const run = trialRun(plain, answer);
    await plain.release();
    const bytes = await writeForm(files, folder, answer);
    const path = join(folder, 'model.onnx');
    await check(() => open(path, true), answer);
    const forms = {
      plain: { path: files.path, bytes: files.bytes, isPrepared: false },
      prepared: { path, bytes, isPrepared: true },
    };
    const figures = await measureForms(open, forms, run);
    const whyNot = whyNoBetter(figures);
    if (whyNot !== '') await noteUnused(folder, whyNot);
    return { whyNot, figures };
  } catch (error) {
    const whyNot = error instanceof Error ? error.message : String(error);
    await noteUnused(folder, whyNot);
    return { whyNot };
  } finally {
    await plain.release();
  }
}

/** Writes all of the form; its bytes come back. */
async function writeForm(
  { path, operators, mixesRows, isDecoder }: ModelFiles,
  folder: string,
  answer: StoredAnswer,
): Promise<number> {
  const { writePrepared } = await import('../onnx-native/write-prepared.ts');
  await writePrepared(path, folder, isDecoder);
  const { externalData } = await checkGraph(join(folder, 'model.onnx'), 'the prepared form');
  const manifest: Manifest = { format: 2, whyNot: '', operators, mixesRows, answer };
  await writeFile(join(folder, manifestFile), JSON.stringify(manifest));
  const written = await Promise.all(
    ['model.onnx', manifestFile, ...externalData].map((file) => stat(join(folder, file))),
  );
  return written.reduce((sum, { size }) => sum + size, 0);
}

async function check(open: () => Promise<Session>, answer: StoredAnswer): Promise<void> {
  const session = await open();
  try {
    await checkAnswer(session, answer);
  } finally {
    await session.release();
  }
}

/** Leaves nothing of a form but why it is not used. */
async function noteUnused(folder: string, whyNot: string): Promise<void> {
  for (const file of ['model.onnx', weightsFile]) await rm(join(folder, file), { force: true });
  await writeFile(join(folder, manifestFile), JSON.stringify(unusedManifest(whyNot)));
}
