import { Command } from 'commander';
import type { GateReport } from '../src/core/releases/gate-report.ts';
import { movedTarget } from '../src/core/releases/moved-target.ts';
import { promotedVersion } from '../src/core/releases/promoted-version.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { aliasOption } from './alias-option.ts';
import { changeAlias } from './change-alias.ts';
import { chooseVersion } from './choose-version.ts';
import { countOf } from './count-of.ts';
import { findReleases } from './find-releases.ts';
import { forceOption } from './force-option.ts';
import { jsonOption } from './json-option.ts';
import { measuredWords } from './measured-words.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { requireSignatureOption } from './require-signature-option.ts';
import { runGate } from './run-gate.ts';
import { targetOf } from './target-of.ts';

interface PromoteOptions {
  readonly alias: string;
  readonly force: boolean;
  readonly models: string;
  readonly requireSignature?: string;
  readonly json: boolean;
}

const explanation = `
The gate: the version answers the samples of its samples.jsonl as expected, is not worse than the version that it replaces by what was measured
of both, was measured where that one was, takes not much longer, and can be called as that one (gate in model.json). Where it does not let a version pass, nothing is changed, and the exit code is 2.`;

/** `tensorgate promote`: an alias leads to another version, if that is good enough. */
export function promoteCommand(): Command {
  return new Command('promote')
    .description('let an alias lead to its canary, or to a version, once the gate has let it pass')
    .addArgument(modelArgument('the canary'))
    .addOption(forceOption())
    .addOption(aliasOption())
    .addOption(modelsOption())
    .addOption(requireSignatureOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(promote);
}

async function promote({ name, version: wanted }: ModelReference, options: PromoteOptions): Promise<void> {
  const { alias, force, json } = options;
  const releases = await findReleases(options.models, name, options.requireSignature);
  const seen = targetOf(releases.model, alias);
  const version = chooseVersion(releases.model, wanted ?? String(promotedVersion(alias, seen)));
  const replaced = seen?.version === version ? undefined : seen?.version;
  const gate = await runGate(releases.store, releases.model, version, replaced);
  const isRefused = gate.failures.length > 0 && !force;
  if (!json || isRefused) tell(gate, versionLabel(name, version));
  if (isRefused) {
    if (json) console.log(JSON.stringify({ model: name, version, alias, promoted: false, gate }, null, 2));
    console.error('nothing was changed; --force promotes it all the same, and that is kept on record');
    process.exitCode = 2;
    return;
  }
  const forced = gate.failures.length > 0 ? gate.failures.join('; ') : undefined;
  if (forced !== undefined) console.error('promoted all the same, as --force says');
  const target = movedTarget(seen, version, forced);
  const details = { gate, ...(forced !== undefined && { forced: true }) };
  await changeAlias(releases, { alias, target, action: 'promote', details, json });
}

/** To stderr, where it is in no program's way. */
function tell({ failures, notes, samples, difference, latency, metrics = [] }: GateReport, label: string): void {
  for (const failure of failures) console.error(`gate: ${label}: ${failure}`);
  for (const note of notes) console.error(`gate: ${label}: ${note}`);
  if (failures.length > 0) return;
  if (samples > 0)
    console.error(`gate: ${countOf(samples, 'sample')} answered as expected, to ${difference.toPrecision(2)}`);
  for (const { title, was, is } of metrics.filter(({ decides }) => decides).map(measuredWords))
    console.error(`gate: ${title} ${is}, before: ${was}`);
  if (latency)
    console.error(`gate: a run takes ${latency.ms.toFixed(2)} ms, before: ${latency.beforeMs.toFixed(2)} ms`);
}
