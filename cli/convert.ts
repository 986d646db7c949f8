import { rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Command } from 'commander';
import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { digestSource } from '../src/adapters/convert/digest-source.ts';
import { readSourceFacts } from '../src/adapters/convert/read-source-facts.ts';
import { openSigningKey } from '../src/adapters/signatures/open-signing-key.ts';
import type { ConversionReport } from '../src/core/factory/conversion-report.ts';
import type { ConversionSource } from '../src/core/factory/convert/conversion-source.ts';
import { detectSource } from '../src/core/factory/convert/detect-source.ts';
import { samplesFile } from '../src/core/releases/samples-file.ts';
import type { Making } from '../src/ports/making.ts';
import { checkFree } from './check-free.ts';
import { type ConvertedSource, convertSource } from './convert-source.ts';
import { countOf } from './count-of.ts';
import { filesToPush } from './files-to-push.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { judgeConverted } from './judge-converted.ts';
import { printStored } from './print-stored.ts';
import { provenance } from './provenance.ts';
import { storeVersion } from './store-version.ts';
import { type StoringOptions, withStoringOptions } from './storing-options.ts';
import { tellReport } from './tell-report.ts';
import { toolVersions } from './tool-versions.ts';
import { wholeNumber } from './whole-number.ts';

interface ConvertOptions extends StoringOptions {
  readonly samples?: string;
  readonly converted?: string;
  readonly code?: string;
  readonly python?: string;
  readonly trustPickle: boolean;
  readonly seed: number;
}

const explanation = `
The framework itself, in a Python environment that is made once, answers the samples; the model is stored if it answers them alike here, alone
and in a batch, at any size that it takes. Else nothing is stored, and the exit code is 2. What can be converted is in docs/convert.md.`;

/**
 * `tensorgate convert`: a model of PyTorch, scikit-learn, XGBoost, LightGBM, TensorFlow or Hugging Face becomes a
 * version in ONNX.
 */
export function convertCommand(): Command {
  const command = new Command('convert')
    .description('convert a model of PyTorch, scikit-learn, XGBoost, LightGBM, Keras, TensorFlow or Hugging Face')
    .argument('<source>', 'its file or folder')
    .option('--samples <file>', 'inputs to try, as samples.jsonl has them, with the answers where they are known')
    .option('--trust-pickle', 'run the code that a pickle is, which whoever made it chose', false)
    .option('--converted <folder>', 'what the container made of it: judged and stored, and nothing of it is run here')
    .option('--code <folder>', 'modules that a pickle needs')
    .option('--python <path>', 'a Python with the framework and its converter, in place of the pinned one')
    .option('--seed <number>', 'of the inputs that are drawn without --samples', wholeNumber(0, 2 ** 32 - 1), 0);
  return withStoringOptions(command).addHelpText('after', explanation).action(convert);
}

async function convert(path: string, options: ConvertOptions): Promise<void> {
  const { models: uri, json } = options;
  const { name, number: version } = options.name;
  await checkChange(uri, 'push', name);
  await checkFree(uri, name, version);
  // First: what cannot be signed is not stored.
  const key = options.sign === undefined ? undefined : await openSigningKey(options.sign);
  const source = detectSource(path, await readSourceFacts(path));
  checkTrust(path, source, options);
  await inScratchFolder(async (folder) => {
    const converted = await convertSource(path, source, folder, options);
    const judged = await judgeConverted(path, folder, converted);
    tellReport(path, judged);
    if (judged.findings.length > 0) {
      if (json) console.log(JSON.stringify({ model: name, stored: false, gate: judged }, null, 2));
      console.error('nothing was stored');
      process.exitCode = 2;
      return;
    }
    tell(judged, converted);
    const made = await makingOf(path, folder, converted, judged);
    // What it says is in the manifest; the rest of the folder is the version.
    await rm(converted.reportPath);
    const origin = { ...(await provenance(uri, options)), made };
    const toPush = await filesToPush([folder]);
    printStored(await storeVersion(uri, { name, toPush, origin, version, key }), { name, key, json });
  });
}

function checkTrust(path: string, { words, runsCode }: ConversionSource, options: ConvertOptions): void {
  const { trustPickle, code, converted } = options;
  if (trustPickle || converted !== undefined || (!runsCode && code === undefined)) return;
  const what = runsCode ? `${path} is ${words}` : '--code names modules of Python';
  throw new Error(
    `${what}: reading it runs code, whatever whoever made it chose. If you trust them, give --trust-pickle: it runs as you, without your environment variables and, where the system can take it away, without a network, but it can read and change your files. Else convert it in the container, which has none of yours (docs/convert.md)`,
  );
}

function tell(judged: ConversionReport, { report }: ConvertedSource): void {
  const { framework, versions, drawn } = report;
  const { samples, outputs } = judged;
  const most = Math.max(0, ...Object.values(outputs).map(({ largest }) => largest ?? 0));
  const told = countOf(samples, drawn ? 'random sample' : 'sample');
  console.error(`gate: ${told} answered as by ${framework} ${versions[framework]}, to ${most.toPrecision(2)}`);
}

async function makingOf(path: string, folder: string, { report }: ConvertedSource, judged: ConversionReport) {
  const { framework, kind, versions, seed } = report;
  return {
    by: 'convert',
    source: { name: basename(resolve(path)), sha256: await digestSource(path) },
    passes: [`from ${framework}: ${kind}`],
    versions: { ...toolVersions, ...versions },
    ...(seed !== undefined && { seed }),
    samples: { count: judged.samples, sha256: await digestSource(join(folder, samplesFile)) },
    report: judged,
  } satisfies Making;
}
