import { Command } from 'commander';
import { rolledBack } from '../src/core/releases/rolled-back.ts';
import { aliasOption } from './alias-option.ts';
import { changeAlias } from './change-alias.ts';
import { checkHasVersion } from './check-has-version.ts';
import { findReleases } from './find-releases.ts';
import { jsonOption } from './json-option.ts';
import { modelsOption } from './models-option.ts';
import { targetOf } from './target-of.ts';

interface RollbackOptions {
  readonly reason: string;
  readonly alias: string;
  readonly models: string;
  readonly json: boolean;
}

/** `tensorgate rollback`: an alias goes one step back. */
export function rollbackCommand(): Command {
  return new Command('rollback')
    .description('take the canary of an alias back to 0 %, or, where it has none, let it lead to what it led to before')
    .argument('<model>', 'the model')
    .option('--reason <text>', 'why, for whoever looks at it later', 'by hand')
    .addOption(aliasOption())
    .addOption(modelsOption())
    .addOption(jsonOption())
    .action(async (name: string, { reason, alias, models, json }: RollbackOptions) => {
      const releases = await findReleases(models, name);
      const seen = targetOf(releases.model, alias);
      const target = rolledBack(alias, seen, releases.model.versions, reason);
      if (target.version !== seen?.version) checkHasVersion(releases.model, target.version);
      await changeAlias(releases, { alias, target, action: 'rollback', details: { reason }, json });
    });
}
