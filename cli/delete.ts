import { Command } from 'commander';
import { recordChange } from '../src/adapters/audit/record-change.ts';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { withNote } from '../src/core/releases/with-note.ts';
import { changeRelease } from './change-release.ts';
import { checkHasVersion } from './check-has-version.ts';
import { findReleases } from './find-releases.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { versionNumber } from './version-number.ts';

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
    .argument('<model>', 'the model')
    .argument('<version>', 'the version', versionNumber)
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(async (name: string, version: number, { models: uri, json }: DeleteOptions) => {
      const store = openModelStore(uri);
      const record = { action: 'delete', model: name, version };
      // Of a model whose versions are all deleted, nothing else tells.
      const { versionNotes } = await store.changeReleases(name, (before) => before);
      if (versionNotes[version]?.deleted) {
        await store.remove(name, version);
        await recordChange(uri, { ...record, details: { isRepeated: true } });
      } else {
        const { model } = await findReleases(uri, name);
        checkHasVersion(model, version);
        await changeRelease({ uri, store, ...record }, (before) => withNote(before, version, { deleted: true }));
        await store.remove(name, version);
        for (const [alias, { previous }] of Object.entries(model.aliases))
          if (previous === version)
            console.error(
              `alias '${alias}' led to version ${version} before: tensorgate rollback has no way back there now`,
            );
      }
      if (json) console.log(JSON.stringify({ model: name, version, deleted: true }, null, 2));
      else console.log(`model '${name}' version ${version} is deleted`);
    });
}
