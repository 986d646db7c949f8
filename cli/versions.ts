import { Command } from 'commander';
import type { StoredModel } from '../src/ports/model-store.ts';
import { bytesText } from './bytes-text.ts';
import { findModel } from './find-model.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { printTable } from './print-table.ts';
import { readManifest } from './read-manifest.ts';
import { timeText } from './time-text.ts';

/** A version as the command lists it. */
interface ListedVersion {
  readonly version: number;
  /** Of the files, where the manifest tells. */
  readonly bytes?: number;
  readonly by?: string;
  readonly at?: string;
  /** Aliases that lead to it, and those that have it as their canary or shadow. */
  readonly aliases: readonly string[];
  readonly deprecated?: string;
}

/** `tensorgate versions`: all versions of a model, and who gets them. */
export function versionsCommand(): Command {
  return new Command('versions')
    .description('list the versions of a model: who stored them, when, and which aliases lead there')
    .argument('<model>', 'the model')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (name: string, { models, json }: { models: string; json: boolean }) => {
      const { store, model } = await findModel(models, name);
      const rows = await Promise.all(
        model.versions.map(async (version): Promise<ListedVersion> => {
          const { bytes, by, at } = (await readManifest(store, name, version)) ?? {};
          const deprecated = model.versionNotes[version]?.deprecated;
          const known = Object.entries({ bytes, by, at, deprecated }).filter(([, value]) => value !== undefined);
          return { version, aliases: aliasesOf(model, version), ...Object.fromEntries(known) };
        }),
      );
      if (json) console.log(JSON.stringify(rows, null, 2));
      else printRows(rows);
    });
}

function aliasesOf({ aliases }: StoredModel, wanted: number): readonly string[] {
  return Object.entries(aliases).flatMap(([alias, { version, canary, shadow }]) => [
    ...(version === wanted ? [alias] : []),
    ...(canary?.version === wanted ? [`${alias} (canary, ${canary.percent} %)`] : []),
    ...(shadow?.version === wanted ? [`${alias} (shadow, ${shadow.percent} %)`] : []),
  ]);
}

function printRows(rows: readonly ListedVersion[]): void {
  printTable(
    ['VERSION', 'SIZE', 'STORED', 'BY', 'ALIASES', 'DEPRECATED'],
    rows.map(({ version, bytes, at, by, aliases, deprecated }) => [
      String(version),
      bytes === undefined ? '-' : bytesText(bytes),
      at === undefined ? '-' : timeText(at),
      by ?? '-',
      aliases.join(', ') || '-',
      deprecated ?? '-',
    ]),
  );
}
