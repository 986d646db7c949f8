import { Command } from 'commander';
import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { recordedChange } from '../src/adapters/audit/recorded-change.ts';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { sourceDigest } from '../src/adapters/source-digest.ts';
import type { ConversionReport } from '../src/core/factory/conversion-report.ts';
import { versionLabel } from '../src/core/version-label.ts';
import type { EnsembleConfig } from '../src/ports/model-store.ts';
import { bytesText } from './bytes-text.ts';
import { changeModelSettings } from './change-model-settings.ts';
import { checkFree } from './check-free.ts';
import { type CutModel, cutModel } from './cut-model.ts';
import { filesToPush } from './files-to-push.ts';
import { findSource, type Source } from './find-source.ts';
import { type GivenSamples, givenSamples } from './given-samples.ts';
import { inScratchFolder } from './in-scratch-folder.ts';
import { jsonOption } from './json-option.ts';
import { judgeStages } from './judge-stages.ts';
import { modelsOption } from './models-option.ts';
import { notNegative } from './not-negative.ts';
import { printTable } from './print-table.ts';
import { provenance } from './provenance.ts';
import { type PushedAs, pushedAs } from './pushed-as.ts';
import { sourceArgument } from './source-argument.ts';
import { storeVersion } from './store-version.ts';
import { tellReport } from './tell-report.ts';
import { toolVersions } from './tool-versions.ts';
import { UsageError } from './usage-error.ts';
import { wholeNumber } from './whole-number.ts';

interface SplitOptions {
  readonly stages: number;
  readonly name: PushedAs;
  readonly servers?: readonly string[];
  readonly samples?: string;
  readonly tolerance: number;
  readonly models: string;
  readonly json: boolean;
}

/** What `--servers` calls the server of the ensemble. */
const here = 'here';

const explanation = `
The stages are models <name>-1, <name>-2, … of about as many bytes of weights; cuts are moved by up to 8 % of these to where fewest tensors
cross. The ensemble <name> pipes them. What it answers to samples, or to random values without any, must be what the whole answers, bit for
bit: else nothing is stored, and the exit code is 2.`;

/** `tensorgate split`: a model becomes stages that fit where it does not, and an ensemble of them. */
export function splitCommand(): Command {
  return new Command('split')
    .description('cut a model into stages, and store these with an ensemble that answers as the whole does')
    .addArgument(sourceArgument())
    .requiredOption('--stages <number>', 'how many', wholeNumber(2, 64))
    .requiredOption(
      '--name <model[@number]>',
      'the ensemble, whose name its stages have with -1, -2, … behind it, and the number of their versions; of each the first that is free without it',
      pushedAs,
    )
    .option(
      '--servers <names>',
      'where each stage is to run, as serve --step-servers names it, or here: such as here,second; all here without it',
      (names) => names.split(',').map((server) => server.trim()),
    )
    .option('--samples <file>', 'a samples.jsonl to compare with; the one beside the model without it')
    .option(
      '--tolerance <number>',
      'how far answers may be off, of |answer − expected| / max(1, |expected|)',
      notNegative,
      0,
    )
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(split);
}

async function split(target: string, options: SplitOptions): Promise<void> {
  const { models: uri, json } = options;
  const { name } = options.name;
  checkServers(options);
  await checkName(options);
  const source = await findSource(target, uri);
  const given = await givenSamples(options.samples, source.toPush);
  const { model } = source.toPush;
  await inScratchFolder(async (folder) => {
    const { warmupShapes } = source;
    const judging = { path: model, samples: given?.samples ?? [], warmupShapes, tolerance: options.tolerance };
    const judge = (paths: readonly string[], isTimed: boolean) => judgeStages(paths, { ...judging, isTimed });
    const isWhole = async (paths: readonly string[]) => (await judge(paths, false)).findings.length === 0;
    const cut = await cutModel(model, options.stages, folder, isWhole);
    const report = await judge(cut.paths, true);
    if (!json) print(cut, report);
    tellReport(name, report);
    const isRefused = report.findings.length > 0;
    const stored = isRefused ? [] : await store(cut, { source, given, report }, options);
    if (json) console.log(JSON.stringify({ name, ...cut.plan, report, stored }, null, 2));
    if (!isRefused) return;
    console.error('nothing was stored');
    process.exitCode = 2;
  });
}

function checkServers({ stages, servers }: SplitOptions): void {
  if (!servers || (servers.length === stages && servers.every((server) => server !== ''))) return;
  throw new UsageError(
    `--servers: expected a name for each of the ${stages} stages, such as here,second; got ${servers}`,
  );
}

/**
 * Rejects where versions of a model have the ensemble's name, a stage's version is there, or whoever asks may not store
 * what comes of it.
 */
async function checkName({ models: uri, name: { name, number }, stages }: SplitOptions): Promise<void> {
  await checkChange(uri, 'push', name);
  for (let stage = 1; stage <= stages; stage += 1) {
    await checkChange(uri, 'push', `${name}-${stage}`);
    await checkFree(uri, `${name}-${stage}`, number);
  }
  const known = await openModelStore(uri).find(name);
  // An ensemble is made anew, its stages are further versions.
  if (!known || known.config.ensemble || known.versions.length === 0) return;
  throw new Error(
    `model '${name}' has versions of its own (${known.versions.join(', ')}): give the ensemble another --name`,
  );
}

function print({ plan, parts }: CutModel, { latency }: ConversionReport): void {
  printTable(
    ['STAGE', 'NODES', 'WEIGHTS', 'TAKES', 'GIVES'],
    parts.map(({ nodes, inputs, outputs }, stage) => [
      String(stage + 1),
      String(nodes.length),
      bytesText(plan.bytes[stage] ?? 0),
      inputs.join(', '),
      outputs.join(', '),
    ]),
  );
  for (const { name, bytes } of plan.uncut) {
    console.log(`'${name}' is ${bytesText(bytes)}, more than a stage's share, and one tensor: nothing cuts it`);
  }
  if (!latency) return;
  const { ms, sourceMs } = latency;
  console.log(
    `a run takes ${ms.toFixed(2)} ms in stages, ${(ms / sourceMs).toFixed(2)} times the ${sourceMs.toFixed(2)} ms of the whole`,
  );
}

interface Judged {
  readonly source: Source;
  readonly given: GivenSamples | undefined;
  readonly report: ConversionReport;
}

async function store(cut: CutModel, { source, given, report }: Judged, options: SplitOptions) {
  const { parts, paths, plan } = cut;
  const { models: uri, json } = options;
  const { name, number: wanted } = options.name;
  const origin = await provenance(uri, {});
  const sha256 = await sourceDigest(source.toPush.model);
  const steps: EnsembleConfig['steps'][number][] = [];
  for (const [stage, path] of paths.entries()) {
    const own = `${name}-${stage + 1}`;
    const made = {
      by: 'split' as const,
      source: { name: source.label, sha256 },
      passes: [`stage ${stage + 1} of ${paths.length}, cut before nodes ${plan.cuts.join(', ')}`],
      versions: toolVersions,
      ...(given && { samples: { count: given.samples.length, sha256: given.sha256 } }),
      report,
    };
    const toPush = await filesToPush([path]);
    const { version, place } = await storeVersion(uri, {
      name: own,
      toPush,
      origin: { ...origin, made },
      version: wanted,
      // Behind the stage before it, on values that come from there.
      hasRun: true,
    });
    if (!json) console.log(`stored ${versionLabel(own, version)} in ${place}`);
    const { inputs, outputs } = parts[stage] as CutModel['parts'][number];
    const server = options.servers?.[stage] ?? here;
    steps.push({
      model: own,
      version: String(version),
      ...(server !== here && { server }),
      inputs: byName(inputs),
      outputs: byName(outputs),
    });
  }
  await storeEnsemble({ inputs: cut.inputs, outputs: cut.outputs, steps }, options);
  return steps.map(({ model, version }) => ({ model, version }));
}

/** Tensors are called as the stages call them. */
function byName(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** What was set of the ensemble before stays. */
async function storeEnsemble(ensemble: EnsembleConfig, { models, name: { name }, json }: SplitOptions): Promise<void> {
  const details = { steps: ensemble.steps.map(({ model, version }) => `${model}@${version}`) };
  let place = '';
  await recordedChange(models, { action: 'push', model: name, details }, async () => {
    place = await changeModelSettings(models, name, (before) => ({ ...before, ...ensemble }));
    return {};
  });
  if (!json) console.log(`stored ensemble '${name}' in ${place}`);
}
