import { Command } from 'commander';
import { askServer } from './ask-server.ts';
import { listStoredModels } from './list-stored-models.ts';
import type { ListedModel } from './listed-model.ts';
import { modelsOption } from './models-option.ts';
import { printTable } from './print-table.ts';
import { serverUrl } from './server-url.ts';
import { urlOption } from './url-option.ts';

interface ModelsOptions {
  readonly models: string;
  readonly url?: string;
  readonly json: boolean;
}

/** `tensorgate models`: what a model repository holds, or what a server has made of it. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list models, their versions and the state of each, of a repository or a server')
    .addOption(modelsOption())
    .addOption(urlOption())
    .option('--json', 'print JSON', false)
    .action(async ({ models: uri, url, json }: ModelsOptions) => {
      const rows = url === undefined ? await listStoredModels(uri) : await listServedModels(serverUrl(url));
      if (json) console.log(JSON.stringify(rows, null, 2));
      else if (rows.length === 0) console.log(`no models in ${url ?? uri}; tensorgate push adds one`);
      else printRows(rows);
    });
}

async function listServedModels(url: string): Promise<readonly ListedModel[]> {
  const response = await askServer(`${url}/v2/repository/index`, { method: 'POST' });
  return (await response.json()) as readonly ListedModel[];
}

function printRows(rows: readonly ListedModel[]): void {
  printTable(
    ['NAME', 'VERSION', 'STATE', 'ALIASES', 'REASON'],
    rows.map(({ name, version = '-', state, aliases = [], reason }) => [
      name,
      version,
      state,
      aliases.join(', ') || '-',
      reason,
    ]),
  );
}
