import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import type { TextPart } from '../src/core/charts/fitted-text.ts';
import { casesOfSource } from '../src/core/factory/cases-of-source.ts';
import { chosenTrial } from '../src/core/factory/chosen-trial.ts';
import { gateLimits } from '../src/core/factory/gate-limits.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { type Candidate, candidates } from '../src/graph/candidates.ts';
import { largestTensors } from '../src/graph/largest-tensors.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { summarizeModel } from '../src/graph/summarize-model.ts';
import { whyUntouched } from '../src/graph/why-untouched.ts';
import type { CudaOptions, Session } from '../src/ports/session.ts';
import { allJudged } from './all-judged.ts';
import { bytesText } from './bytes-text.ts';
import { drawCandidates } from './draw-candidates.ts';
import { drawingToWrite } from './drawing-to-write.ts';
import { findSource, type Source } from './find-source.ts';
import { gpuDeviceOption } from './gpu-device-option.ts';
import { type GpuChoice, gpuOf } from './gpu-of.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { jsonOption } from './json-option.ts';
import { judgedLabels } from './judged-labels.ts';
import type { JudgedSamples } from './judged-samples.ts';
import { judgedTask } from './judged-task.ts';
import { judgingSamples } from './judging-samples.ts';
import { madeName } from './made-name.ts';
import { madeNameOption } from './made-name-option.ts';
import { modelsOption } from './models-option.ts';
import { notNegative } from './not-negative.ts';
import { openModel } from './open-model.ts';
import { type OptimizeTarget, optimizeTarget, type TargetName } from './optimize-target.ts';
import { parseExecutionProviders } from './parse-execution-providers.ts';
import { parseShare } from './parse-share.ts';
import { printCandidates } from './print-candidates.ts';
import { prunedForms } from './pruned-forms.ts';
import type { PushedAs } from './pushed-as.ts';
import { qualityWords } from './quality-words.ts';
import { SampleProgress } from './sample-progress.ts';
import { sampleRuns } from './sample-runs.ts';
import { sourceArgument } from './source-argument.ts';
import { sourceBytes } from './source-bytes.ts';
import { splitSamples } from './split-samples.ts';
import { storeMade } from './store-made.ts';
import { tellReport } from './tell-report.ts';
import { trialRunOf } from './trial-run-of.ts';
import { tryCandidates, type WrittenTrial } from './try-candidates.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { UsageError } from './usage-error.ts';

interface OptimizeOptions extends GpuChoice {
  readonly texts?: string;
  readonly samples?: string;
  readonly task?: string;
  readonly target: TargetName;
  readonly name?: PushedAs;
  readonly prune?: number;
  readonly only?: readonly string[];
  readonly latencyRatio: number;
  readonly unverified: boolean;
  readonly svg?: string;
  readonly models: string;
  readonly json: boolean;
}

const explanation = `
Each candidate is made, loaded as a server would, and asked all samples beside the source. The gate refuses one that takes or gives something else, gives NaN,
answers otherwise in a batch, agrees with the source on fewer than 98.5 % of the samples and loses more than half a point of accuracy, or takes more than
--latency-ratio of the source's time. Of the others the quickest is stored; of those about as quick, the smallest. Where none is left nothing is stored,
and the exit code is 2. Models of trees, and those under a megabyte, are left as they are. With --prune, heads are fitted to every other sample, and all is
judged by the rest.`;

/** With --prune one in so many samples is judged by: what a head is fitted to cannot judge it. */
const heldOut = 2;

/** `tensorgate optimize`: a smaller, quicker version of a model, and what that costs. */
export function optimizeCommand(): Command {
  const targets: readonly TargetName[] = ['cpu', 'lambda-x86', 'lambda-arm', 'gpu'];
  return new Command('optimize')
    .description(
      'try smaller and quicker forms of a model on samples, and store the best that the gate lets pass as a version',
    )
    .addArgument(sourceArgument())
    .option('--samples <file>', 'a samples.jsonl of inputs to judge by; the one beside the model without it')
    .option('--texts <file>', 'texts to judge by: the column text of a .csv, or the lines of any other file')
    .option('--task <file>', 'a CSV file with a column label: the class that is right, a row for each sample')
    .addOption(new Option('--target <target>', 'where it is to run').choices(targets).default('cpu'))
    .addOption(
      new Option(
        '--execution-providers <list>',
        'what asks and measures here, with --target gpu: cpu, cuda, or cuda,cpu, which is the GPU where there is one',
      )
        .argParser(parseExecutionProviders)
        .default(['cpu'], 'cpu'),
    )
    .addOption(gpuDeviceOption())
    .addOption(madeNameOption())
    .option(
      '--prune <share>',
      'try it without this share of hidden neurons too, and of attention heads, with the head fitted anew',
      parseShare,
    )
    .option('--only <candidates...>', 'try these alone')
    .option(
      '--latency-ratio <number>',
      "most of the source's time that a run may take; 0: as long as it will",
      notNegative,
      gateLimits.latencyRatio,
    )
    .option(
      '--unverified',
      'store what may have lost something without samples, which marks the version for ever',
      false,
    )
    .option('--svg <file>', 'where to draw the front; optimize-<name>.svg without it', drawingToWrite)
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(optimize);
}

async function optimize(target: string, options: OptimizeOptions): Promise<void> {
  const { models: uri, json, executionProviders } = options;
  const wantedGpu = gpuOf(options);
  if (wantedGpu && options.target !== 'gpu')
    throw new UsageError(
      `--execution-providers ${executionProviders} measures on a GPU, and --target ${options.target} is none: expected --target gpu with it`,
    );
  const source = await findSource(target, uri);
  const name = await madeName(target, source.name, options);
  const model = await openOnnxModel(source.toPush.model);
  const why = whyUntouched(summarizeModel(model));
  if (why !== undefined) {
    if (json) console.log(JSON.stringify({ name, untouched: why }, null, 2));
    else console.log(`${source.label} stays as it is: ${why}`);
    return;
  }
  const session = await openModel(source.toPush.model, source.toPush.label, wantedGpu);
  await improve({ name, source, session, model }, options).finally(() => session.release());
}

interface Opened {
  readonly name: string;
  readonly source: Source;
  readonly session: Session;
  readonly model: OnnxModel;
}

async function improve({ name, source, session, model }: Opened, options: OptimizeOptions): Promise<void> {
  const all = await judgingSamples(options, session, source.toPush);
  if (!all && options.prune !== undefined)
    throw new UsageError('--prune fits heads to some samples, and judges by others: give --samples or --texts');
  if (!all && !options.unverified) {
    console.error(
      `gate: unverified: what ${source.label} would lose is not known without --samples or --texts; --unverified stores it all the same, and marks the version for ever`,
    );
    process.exitCode = 2;
    return;
  }
  if (!options.json) {
    for (const { name: tensor, shape, bytes } of largestTensors(model, 5))
      console.log(`${bytesText(bytes).padStart(9)}  ${tensor} [${shape}]`);
    console.log();
  }
  const given = all && (options.prune === undefined ? allJudged(all) : splitSamples(all, heldOut));
  const { whyNotCuda } = session;
  if (whyNotCuda !== undefined) console.error(`note: it is measured on the processor: ${whyNotCuda}`);
  // All candidates are asked where the source is.
  const asked = whyNotCuda === undefined ? gpuOf(options) : undefined;
  const cuda = asked && { ...asked, orCpu: false };
  const place = await optimizeTarget(options.target, cuda !== undefined);
  await untilInterrupted((signal) =>
    inScratchFolder(async (folder) => {
      const trials = await tryAll({ name, source, session, model, given, place, cuda, folder, signal }, options);
      await conclude({ name, source, given, place, trials, folder }, options);
    }),
  );
}

function wanted(all: readonly Candidate[], only: readonly string[] | undefined): readonly Candidate[] {
  const unknown = only?.find((name) => !all.some((candidate) => candidate.name === name));
  if (unknown !== undefined)
    throw new UsageError(
      `--only: there is no candidate '${unknown}' for this target; there are ${all.map(({ name }) => name).join(', ')}`,
    );
  return only ? all.filter(({ name }) => only.includes(name)) : all;
}

interface Trying extends Opened {
  readonly given: JudgedSamples | undefined;
  readonly place: OptimizeTarget;
  /** The GPU that is asked and measured. */
  readonly cuda: CudaOptions | undefined;
  readonly folder: string;
  readonly signal: AbortSignal;
}

async function tryAll(trying: Trying, options: OptimizeOptions): Promise<readonly WrittenTrial[]> {
  const { session: source, model, given, place, cuda, folder, signal } = trying;
  const { toPush, warmupShapes } = trying.source;
  const samples = given?.judged.samples ?? [];
  let progress: SampleProgress | undefined;
  try {
    const whole = candidates(place);
    const runs = sampleRuns(source, given?.learned?.samples ?? []).map(({ run }) => run);
    const { prune: share, task } = options;
    const pruned = share === undefined ? [] : prunedForms({ model, whole, runs, share, task, folder, signal });
    const chosen = wanted([...whole, ...pruned], options.only);
    progress = new SampleProgress(chosen.length * samples.length);
    const cases = casesOfSource(source, sampleRuns(source, samples));
    const labels = await judgedLabels({ task, texts: undefined }, toPush, given);
    const means = {
      clock: performance,
      tolerance: undefined,
      // What is slow here may be quick there.
      latencyRatio: (!place.isElsewhere && options.latencyRatio) || Number.POSITIVE_INFINITY,
      unverified: options.unverified,
      onCase: () => {
        signal.throwIfAborted();
        progress?.answered();
      },
    };
    return await tryCandidates(chosen, {
      path: toPush.model,
      from: { source, cases, trial: trialRunOf(source, warmupShapes) },
      task: labels && (await judgedTask(source, cases, { ...labels, refits: pruned.length > 0 })),
      means,
      cuda,
      folder,
      onNext: (name) => progress?.next(name),
      onTrial: (name, trial) => {
        if (typeof trial === 'string') console.error(`${name} is not tried: ${trial}`);
        else if (!process.stderr.isTTY)
          console.error(`${name}: ${bytesText(trial.bytes)}, ${qualityWords(trial.report)}`);
      },
    });
  } finally {
    progress?.stop();
  }
}

interface Tried {
  readonly name: string;
  readonly source: Source;
  readonly given: JudgedSamples | undefined;
  readonly place: OptimizeTarget;
  readonly trials: readonly WrittenTrial[];
  readonly folder: string;
}

async function conclude(tried: Tried, options: OptimizeOptions): Promise<void> {
  const { name, source, given, place, trials, folder } = tried;
  const { json } = options;
  const chosen = chosenTrial(trials) as WrittenTrial | undefined;
  const bytes = await sourceBytes(source);
  if (!json) console.log(`measured on ${place.measuredOn}\n`);
  if (!json) printCandidates(bytes, trials, chosen);
  for (const { name: candidate, report } of trials) tellReport(candidate, report);
  if (place.note !== undefined) console.error(place.note);
  const svg = options.svg ?? `optimize-${name}.svg`;
  const title: readonly TextPart[] = [{ text: source.label, cut: 'middle' }, `, for ${options.target}`];
  await writeFile(svg, drawCandidates({ title, sourceBytes: bytes, trials, chosen }));
  if (!json) console.log(`drawn in ${svg}`);
  const stored =
    chosen &&
    (await storeMade(options.models, {
      name,
      version: options.name?.number,
      source,
      judged: given?.judged,
      path: chosen.path,
      folder,
      trial: chosen,
      by: 'optimize',
      more: { measuredOn: place.measuredOn },
    }));
  if (json) {
    const told = trials.map(({ path: _path, ...trial }) => trial);
    const more = {
      measuredOn: place.measuredOn,
      ...(place.note !== undefined && { note: place.note }),
      ...(stored && { chosen: chosen?.name, version: stored.version, place: stored.place }),
    };
    console.log(
      JSON.stringify(
        { name, source: source.label, sourceBytes: bytes, target: options.target, trials: told, ...more },
        null,
        2,
      ),
    );
  } else if (stored) console.log(`stored ${versionLabel(name, stored.version)}, ${chosen?.name}, in ${stored.place}`);
  if (stored) return;
  console.error('the gate lets no candidate pass: nothing was stored');
  process.exitCode = 2;
}
