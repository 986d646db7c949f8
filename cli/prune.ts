import { Command } from 'commander';
import { openOnnxModel } from '../src/adapters/onnx-files/open-onnx-model.ts';
import type { OnnxModel } from '../src/graph/onnx-model.ts';
import { softmaxHead } from '../src/graph/prune/softmax-head.ts';
import type { Making } from '../src/ports/making.ts';
import type { Session } from '../src/ports/session.ts';
import { allJudged } from './all-judged.ts';
import { bytesText } from './bytes-text.ts';
import { concludeMade } from './conclude-made.ts';
import { type Cuts, cutOut } from './cut-out.ts';
import { findSource, type Source } from './find-source.ts';
import { type GateOptions, withGateOptions } from './gate-options.ts';
import { gzippedBytes } from './gzipped-bytes.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { jsonOption } from './json-option.ts';
import { judgeMade } from './judge-made.ts';
import { judgedLabels } from './judged-labels.ts';
import type { JudgedSamples } from './judged-samples.ts';
import { judgingSamples } from './judging-samples.ts';
import { learningSamples } from './learning-samples.ts';
import { madeName } from './made-name.ts';
import { madeNameOption } from './made-name-option.ts';
import { modelsOption } from './models-option.ts';
import { openModel } from './open-model.ts';
import { parseShare } from './parse-share.ts';
import type { PushedAs } from './pushed-as.ts';
import { refitHead } from './refit-head.ts';
import { sampleRuns } from './sample-runs.ts';
import { sourceArgument } from './source-argument.ts';
import { untilInterrupted } from './until-interrupted.ts';
import { wholeNumber } from './whole-number.ts';
import { writeMade } from './write-made.ts';

interface PruneOptions extends GateOptions, Cuts {
  readonly refit: boolean;
  readonly texts?: string;
  readonly samples?: string;
  readonly name?: PushedAs;
  readonly seed: number;
  readonly unverified: boolean;
  readonly models: string;
  readonly json: boolean;
}

const explanation = `
--layers, --heads and --neurons cut out what has the smallest weights: the file is smaller then, and a run quicker. --magnitude sets weights to 0, which makes
nothing smaller or quicker by itself, but what is compressed. What was cut mostly needs --refit: the softmax head at the end of the model is fitted to what the source
says of nine in ten of the texts or samples, and the others are judged by; of a model of vectors, it is the head by which --task judges that is fitted anew, as whoever uses
the vectors would. Where the gate refuses the model nothing is stored, and the exit code is 2.`;

/** `tensorgate prune`: a model without some of its weights, neurons, heads or layers. */
export function pruneCommand(): Command {
  return withGateOptions(
    new Command('prune')
      .description('cut out what matters least to a model, and store what is left as a version')
      .addArgument(sourceArgument())
      .option('--layers <number>', 'how many of the layers that it repeats are left', wholeNumber(1, 1000))
      .option('--heads <share>', 'the share of the heads of each attention layer that goes, from 0 to 1', parseShare)
      .option('--neurons <share>', 'the share of the hidden neurons of each layer that goes', parseShare)
      .option('--magnitude <share>', 'the share of each weight that becomes 0', parseShare)
      .option('--refit', 'fit the softmax head anew', false)
      .option('--texts <file>', 'texts to judge by: the column text of a .csv, or the lines of any other file')
      .option(
        '--samples <file>',
        'a samples.jsonl of inputs to judge by; with --texts and --refit, the head is fitted to the texts',
      )
      .addOption(madeNameOption())
      .option('--seed <number>', 'of the order in which a head is fitted', wholeNumber(0, 2 ** 31 - 1), 1)
      .option('--unverified', 'store it without texts or samples, which marks the version for ever', false),
  )
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(prune);
}

async function prune(target: string, options: PruneOptions): Promise<void> {
  const source = await findSource(target, options.models);
  const name = await madeName(target, source.name, options);
  const whole = await openOnnxModel(source.toPush.model);
  const session = await openModel(source.toPush.model, source.label);
  try {
    const given = await samplesFor(options, session, source);
    const { model, passes } = await cutOut(whole, options);
    await untilInterrupted((signal) =>
      inScratchFolder((folder) =>
        judge({ name, source, session, whole, given, folder, signal }, { model, passes }, options),
      ),
    );
  } finally {
    await session.release();
  }
}

/** Some are learned from only where a head is fitted. */
async function samplesFor(
  { texts, samples, refit }: PruneOptions,
  session: Session,
  { toPush }: Source,
): Promise<JudgedSamples | undefined> {
  if (refit) return learningSamples({ texts, samples }, session, toPush);
  const judged = await judgingSamples({ texts, samples }, session, toPush);
  return judged && allJudged(judged);
}

interface Judging {
  readonly name: string;
  readonly source: Source;
  readonly session: Session;
  readonly whole: OnnxModel;
  readonly given: JudgedSamples | undefined;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** A model, and what was done to it. */
interface CutModel {
  readonly model: OnnxModel;
  readonly passes: readonly string[];
}

async function judge(judging: Judging, cut: CutModel, options: PruneOptions): Promise<void> {
  const { name, source, session, given, folder, signal } = judging;
  const { model, passes, training } = options.refit
    ? await refitted(judging, cut, options)
    : { ...cut, training: undefined };
  const { path, bytes } = await writeMade(model, folder, 'pruned');
  const labels = await judgedLabels({ task: options.task, texts: options.texts }, source.toPush, given);
  const isCut = options.layers !== undefined || options.heads !== undefined || options.neurons !== undefined;
  const made = {
    path,
    name: 'pruned',
    source,
    session,
    samples: given?.judged.samples ?? [],
    labels: labels && { ...labels, refits: options.refit },
    unverified: options.unverified,
    signal,
  };
  // Zeros are not to gain time.
  const report = await judgeMade(made, { ...options, latencyRatio: isCut ? options.latencyRatio : 0 });
  if (options.magnitude !== undefined) await tellOfZeros(source.toPush.model, path);
  const trial = { name: 'pruned', passes, bytes, report };
  const more = { ...(training && { seed: options.seed, training }) };
  await concludeMade(
    { name, version: options.name?.number, source, judged: given?.judged, path, folder, trial, by: 'prune', more },
    options,
  );
}

/** With the softmax head of the model fitted anew, if it has one. */
async function refitted(
  { whole, session, given, folder, signal }: Judging,
  { model, passes }: CutModel,
  { seed, task }: PruneOptions,
): Promise<CutModel & { readonly training: Making['training'] }> {
  const head = softmaxHead(model, undefined);
  const learned = given?.learned;
  if (!head || !learned) {
    if (task !== undefined) return { model, passes: [...passes, 'judged by a head fitted anew'], training: undefined };
    throw new Error('--refit fits a softmax head, and the model ends in none: give --task to fit one to its vectors');
  }
  const runs = sampleRuns(session, learned.samples).map(({ run }) => run);
  const found = await refitHead({ model, source: whole, head, runs, seed, folder, signal });
  const count = runs.length;
  return {
    model: found.model,
    passes: [...passes, `softmax head fitted anew to the source's shares of ${count} samples`],
    training: { count, sha256: learned.sha256, losses: found.losses },
  };
}

async function tellOfZeros(before: string, after: string): Promise<void> {
  const [was, is] = [await gzippedBytes(before), await gzippedBytes(after)];
  console.error(
    `zeros make nothing smaller or quicker by themselves: the file is as large as before, and a run takes as long; by gzip it is ${bytesText(is)}, and the source ${bytesText(was)}`,
  );
}
