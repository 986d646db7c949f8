import { Command, Option } from 'commander';
import { withNote } from '../src/core/releases/with-note.ts';
import { withoutDeprecation } from '../src/core/releases/without-deprecation.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { changeRelease } from './change-release.ts';
import { chooseVersion } from './choose-version.ts';
import { findReleases } from './find-releases.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { type VersionReference, versionArgument } from './version-argument.ts';

interface DeprecateOptions {
  readonly reason?: string;
  readonly undo: boolean;
  readonly models: string;
  readonly json: boolean;
}

/** `tensorgate deprecate`: callers of a version are told to use another, or no longer. */
export function deprecateCommand(): Command {
  return new Command('deprecate')
    .description('tell callers of a version to use another: their answers say so, and promote refuses it')
    .addArgument(versionArgument())
    .option('--reason <text>', 'why, and what to use instead')
    .addOption(new Option('--undo', 'take it back').default(false).conflicts('reason'))
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(deprecate);
}

async function deprecate(reference: VersionReference, options: DeprecateOptions, command: Command): Promise<void> {
  const { reason, undo, models, json } = options;
  if (reason === undefined && !undo)
    command.error('error: expected --reason <text>, which says why, or --undo, which takes it back');
  const { uri, store, model } = await findReleases(models, reference.name);
  const { name } = model;
  const version = chooseVersion(model, reference.version);
  const record = { uri, store, model: name, version };
  if (reason === undefined)
    await changeRelease({ ...record, action: 'undeprecate' }, (before) => withoutDeprecation(before, version));
  else {
    const note = { deprecated: reason, deprecatedAt: new Date().toISOString() };
    const change = { ...record, action: 'deprecate', details: { reason } };
    await changeRelease(change, (before) => withNote(before, version, note));
  }
  if (json) console.log(JSON.stringify({ model: name, version, deprecated: reason ?? null }, null, 2));
  else if (reason === undefined) console.log(`${versionLabel(name, version)} is not deprecated`);
  else console.log(`${versionLabel(name, version)} is deprecated: ${reason}`);
}
