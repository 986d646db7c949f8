import { Command } from 'commander';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { selectVersions } from '../src/core/select-versions.ts';
import { modelsOption } from './models-option.ts';
import { printTable } from './print-table.ts';

/** `tensorgate models`: what the model repository holds. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list the models of a repository, their versions and aliases')
    .addOption(modelsOption())
    .option('--json', 'print JSON', false)
    .action(async ({ models: uri, json }: { models: string; json: boolean }) => {
      const models = (await openModelStore(uri).list()).map((model) => ({
        name: model.name,
        versions: model.versions,
        served: model.problem === undefined ? selectVersions(model) : [],
        aliases: model.aliases,
        ...(model.problem === undefined ? {} : { problem: model.problem }),
      }));
      if (json) console.log(JSON.stringify(models, null, 2));
      else if (models.length === 0) console.log(`no models in ${uri}; tensorgate push adds one`);
      else
        printTable(
          ['NAME', 'VERSIONS', 'SERVED', 'ALIASES', 'PROBLEM'],
          models.map(({ name, versions, served, aliases, problem = '' }) => [
            name,
            versions.join(', '),
            served.join(', ') || '-',
            aliasList(aliases),
            problem,
          ]),
        );
    });
}

function aliasList(aliases: Readonly<Record<string, number>>): string {
  const list = Object.entries(aliases).map(([alias, version]) => `${alias}=${version}`);
  return list.join(', ') || '-';
}
