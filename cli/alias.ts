import { Command, InvalidArgumentError } from 'commander';
import { movedTarget } from '../src/core/releases/moved-target.ts';
import { changeAlias } from './change-alias.ts';
import { checkHasVersion } from './check-has-version.ts';
import { findReleases } from './find-releases.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { targetOf } from './target-of.ts';
import { versionNumber } from './version-number.ts';

interface AliasOptions {
  readonly models: string;
  readonly json: boolean;
}

interface Assignment {
  readonly alias: string;
  /** Undefined: the alias is to go. */
  readonly version: number | undefined;
}

const explanation = `
At once, and without the gate of tensorgate promote. Its canary and its shadow end. An alias of no version, such as staging=, is removed.`;

/** `tensorgate alias`: where an alias leads. */
export function aliasCommand(): Command {
  return new Command('alias')
    .description('let an alias of a model lead to a version, such as production=4')
    .argument('<model>', 'the model')
    .argument('<alias=version>', 'the alias, and the version that it is to lead to', assignment)
    .addOption(modelsOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(async (name: string, { alias, version }: Assignment, { models, json }: AliasOptions) => {
      const releases = await findReleases(models, name);
      if (version !== undefined) checkHasVersion(releases.model, version);
      const seen = targetOf(releases.model, alias);
      const target = version === undefined ? undefined : movedTarget(seen, version);
      await changeAlias(releases, { alias, target, action: 'alias', json });
    });
}

function assignment(text: string): Assignment {
  const [, alias, version] = /^([A-Za-z][A-Za-z0-9_-]{0,63})=(.*)$/.exec(text) ?? [];
  if (alias === undefined)
    throw new InvalidArgumentError(
      'Expected an alias and a version, such as production=4. An alias begins with a letter, as a number is taken for a version.',
    );
  return { alias, version: version === '' ? undefined : versionNumber(version ?? '') };
}
