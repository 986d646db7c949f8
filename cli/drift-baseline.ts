import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { Command } from 'commander';
import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { recordedChange } from '../src/adapters/audit/recorded-change.ts';
import { locateFile } from '../src/adapters/batch/locate-file.ts';
import { openBatch } from '../src/adapters/batch/open-batch.ts';
import { DirectoryObjectStore } from '../src/adapters/directory-object-store/directory-object-store.ts';
import { DriftFiles } from '../src/adapters/drift/drift-files.ts';
import { runJob } from '../src/core/batch/run-job.ts';
import { BaselineRows } from '../src/core/drift/baseline-rows.ts';
import { versionLabel } from '../src/core/version-label.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import { chooseVersion } from './choose-version.ts';
import { countOf } from './count-of.ts';
import { defaultRuns } from './default-runs.ts';
import { findModel } from './find-model.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { interruptSignal } from './interrupt-signal.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { setUpProcess } from './set-up-process.ts';

interface BaselineOptions {
  readonly models: string;
  readonly requireSignature?: string;
}

const mostRows = 10_000;

/** `tensorgate drift baseline`: a file of records becomes what a version is compared with. */
export function driftBaselineCommand(): Command {
  return new Command('baseline')
    .description(
      `run a version over a file, and keep how its inputs and outputs are spread (of ${mostRows} rows at most)`,
    )
    .addArgument(modelArgument())
    .argument('<file>', 'records as tensorgate batch takes them, such as data.jsonl or data.csv')
    .addOption(modelsOption())
    .addOption(requireSignatureOption())
    .action(async (reference: ModelReference, file: string, options: BaselineOptions) => {
      const { models: uri, requireSignature } = options;
      const { name, version: wanted } = reference;
      setUpProcess(defaultRuns);
      const { store, model } = await findModel(uri, name, requireSignature);
      refuseEnsemble(model, 'make baselines of those');
      const version = chooseVersion(model, wanted);
      await checkChange(uri, 'push', name);
      const rows = await rowsOf(store, name, version, file);
      const about = { id: randomUUID(), model: name, version, madeAt: new Date().toISOString(), from: basename(file) };
      const baseline = rows.baseline(about);
      const details = { rows: baseline.rows, file: about.from };
      await recordedChange(uri, { action: 'drift-baseline', model: name, version, details }, async () => {
        await DriftFiles.of(uri).replace(baseline);
        return {};
      });
      console.log(
        `${versionLabel(name, version)} has a baseline of ${countOf(baseline.rows, 'row')} and ${countOf(baseline.features.length, 'feature')}`,
      );
    });
}

/** Runs a version over a file. Rejects with an Error where a record has no answer: a baseline is of what is well. */
async function rowsOf(models: ModelStore, model: string, version: number, path: string): Promise<BaselineRows> {
  const rows = new BaselineRows(mostRows);
  // What a job is planned by, runs on records too.
  let isPlanned = false;
  return inScratchFolder(async (folder) => {
    const work = await openBatch({
      models,
      model,
      reference: String(version),
      input: locateFile(path),
      output: new DirectoryObjectStore(folder),
      chosen: { maxFailedRecords: 0 },
      workers: defaultRuns,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      signal: interruptSignal(),
      onProgress: () => undefined,
      onRun: (_version, run) => {
        if (isPlanned) rows.add(run, true);
      },
    });
    isPlanned = true;
    const { status, reason } = await runJob(work);
    if (status !== 'completed') throw new Error(`there is no baseline of ${path}: ${reason}`);
    return rows;
  });
}
