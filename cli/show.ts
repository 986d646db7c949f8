import { Command } from 'commander';
import { targetWords } from '../src/core/releases/target-words.ts';
import type { StoredModel } from '../src/ports/model-store.ts';
import type { VersionManifest } from '../src/ports/version-manifest.ts';
import { chooseVersion } from './choose-version.ts';
import { findModel } from './find-model.ts';
import { jsonOption } from './json-option.ts';
import { manifestFacts } from './manifest-facts.ts';
import { modelArgument } from './model-argument.ts';
import type { ModelReference } from './model-reference.ts';
import { modelsOption } from './models-option.ts';
import { printFacts } from './print-facts.ts';
import { readManifest } from './read-manifest.ts';
import { readSignatures, type ToldSignature } from './read-signatures.ts';
import { timeText } from './time-text.ts';

type Fact = readonly [title: string, text: string];

/** `tensorgate show`: which versions callers of a model get, or what one of them is and where it came from. */
export function showCommand(): Command {
  return new Command('show')
    .description('tell what the aliases of a model lead to, or what one of its versions is and where it came from')
    .addArgument(modelArgument('what its aliases lead to is told'))
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (target: ModelReference, { models, json }: { models: string; json: boolean }) => {
      const { name, version: reference } = target;
      const { store, model } = await findModel(models, name);
      if (reference === undefined) {
        const { versions, aliases, versionNotes, problem } = model;
        if (json) console.log(JSON.stringify({ model: name, versions, problem, aliases, versionNotes }, null, 2));
        else printFacts(modelFacts(model));
        return;
      }
      const version = chooseVersion(model, reference);
      const manifest = await readManifest(store, name, version);
      const signatures = await readSignatures(store, name, version);
      const note = model.versionNotes[version] ?? {};
      const told = { model: name, version, ...note, signatures, manifest: manifest ?? null };
      if (json) console.log(JSON.stringify(told, null, 2));
      else printFacts([...versionFacts(model, version, manifest), ...signatureFacts(signatures)]);
    });
}

function modelFacts({ name, versions, aliases, versionNotes, problem }: StoredModel): readonly Fact[] {
  const notes = Object.entries(versionNotes).map(([version, { deleted, deprecated }]): Fact => {
    return [`version ${version}`, deleted ? 'deleted' : `deprecated: ${deprecated}`];
  });
  const leads = Object.entries(aliases).flatMap(([alias, target]): readonly Fact[] => [
    [alias, targetWords(target)],
    ...(target.previous === undefined ? [] : [[`${alias} before`, `version ${target.previous}`] as const]),
    ...(target.forced === undefined ? [] : [[`${alias} forced`, target.forced] as const]),
  ]);
  const mistake: readonly Fact[] = problem === undefined ? [] : [['mistake', problem]];
  return [['model', name], ['versions', versions.join(', ') || 'none'], ...mistake, ...leads, ...notes];
}

function versionFacts(model: StoredModel, version: number, manifest: VersionManifest | undefined): readonly Fact[] {
  const deprecated = model.versionNotes[version]?.deprecated;
  return [
    ['model', model.name],
    ['version', String(version)],
    ...(deprecated === undefined ? [] : [['deprecated', deprecated] as const]),
    ...(manifest ? manifestFacts(manifest) : [['manifest', 'none: it was not stored by tensorgate push'] as const]),
  ];
}

/** As they say themselves: whether they hold, `verify` tells. */
function signatureFacts(signatures: readonly ToldSignature[]): readonly Fact[] {
  if (signatures.length === 0) return [['signed', 'by nobody']];
  return signatures.map(({ key, algorithm, at }) => [
    'signed',
    `by ${key} (${algorithm})${at === undefined ? '' : `, ${timeText(at)}`}; tensorgate verify checks it`,
  ]);
}
