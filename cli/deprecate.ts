import { Command } from 'commander';
import { withNote } from '../src/core/releases/with-note.ts';
import { changeRelease } from './change-release.ts';
import { checkHasVersion } from './check-has-version.ts';
import { findReleases } from './find-releases.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { versionNumber } from './version-number.ts';

interface DeprecateOptions {
  readonly reason: string;
  readonly models: string;
  readonly json: boolean;
}

/** `tensorgate deprecate`: callers of a version are told to use another. */
export function deprecateCommand(): Command {
  return new Command('deprecate')
    .description('tell callers of a version to use another: their answers say so, and promote refuses it')
    .argument('<model>', 'the model')
    .argument('<version>', 'the version', versionNumber)
    .requiredOption('--reason <text>', 'why, and what to use instead')
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (name: string, version: number, { reason, models, json }: DeprecateOptions) => {
      const { uri, store, model } = await findReleases(models, name);
      checkHasVersion(model, version);
      const deprecatedAt = new Date().toISOString();
      const record = { uri, store, model: name, version, action: 'deprecate', details: { reason } };
      await changeRelease(record, (before) => withNote(before, version, { deprecated: reason, deprecatedAt }));
      if (json) console.log(JSON.stringify({ model: name, version, deprecated: reason }, null, 2));
      else console.log(`model '${name}' version ${version} is deprecated: ${reason}`);
    });
}
