import { Command } from 'commander';
import { recordedChange } from '../src/adapters/audit/recorded-change.ts';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { withNote } from '../src/core/releases/with-note.ts';
import { versionLabel } from '../src/core/version-label.ts';
import { changeRelease } from './change-release.ts';
import { chooseVersion } from './choose-version.ts';
import { findReleases } from './find-releases.ts';
import { jsonOption } from './json-option.ts';
import { meantVersion } from './meant-version.ts';
import { modelsOption } from './models-option.ts';
import { type VersionReference, versionArgument } from './version-argument.ts';

interface DeleteOptions {
  readonly models: string;
  readonly json: boolean;
}

const explanation = `
It is refused while an alias leads there, or has it as its canary or shadow. The number is not given again. What was cut off is done by the
same command.`;

/** `tensorgate delete`: a version goes, first from sight and then from the disk. */
export function deleteCommand(): Command {
  return new Command('delete')
    .description('delete a version of a model that no alias names')
    .addArgument(versionArgument())
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(async ({ name, version: wanted }: VersionReference, { models: uri, json }: DeleteOptions) => {
      const store = openModelStore(uri);
      // Of a model whose versions are all deleted, nothing else tells.
      const { aliases, versionNotes } = await store.changeReleases(name, (before) => before);
      const meant = meantVersion(aliases, wanted);
      const isNoted = meant !== undefined && versionNotes[meant]?.deleted === true;
      const version = isNoted ? meant : await noteDeleted(uri, name, wanted);
      const remove = async () => {
        await store.remove(name, version);
        return {};
      };
      const repeated = { action: 'delete', model: name, version, details: { isRepeated: true } };
      if (isNoted) await recordedChange(uri, repeated, remove);
      else await remove();
      if (json) console.log(JSON.stringify({ model: name, version, deleted: true }, null, 2));
      else console.log(`${versionLabel(name, version)} is deleted`);
    });
}

/** Takes a version from sight, and gives its number. */
async function noteDeleted(uri: string, name: string, wanted: string): Promise<number> {
  const { store, model } = await findReleases(uri, name);
  const version = chooseVersion(model, wanted);
  const record = { uri, store, model: name, version, action: 'delete' };
  await changeRelease(record, (before) => withNote(before, version, { deleted: true }));
  for (const [alias, { previous }] of Object.entries(model.aliases))
    if (previous === version)
      console.error(`alias '${alias}' led to version ${version} before: tensorgate rollback has no way back there now`);
  return version;
}
