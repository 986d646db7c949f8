import { Command } from 'commander';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { askServer } from './ask-server.ts';
import { jsonOption } from './json-option.ts';
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

const states = `
STATE of a repository: WHOLE (the files are complete and read as a model; nothing was loaded) or UNAVAILABLE.
STATE of a server (--url): READY, LOADING, UNLOADING or UNAVAILABLE, as it is in the server's memory.
REASON says why, and where a version is not served.`;

/** `tensorgate models`: what a model repository holds, or what a server has made of it. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list models, their versions and the state of each, of a repository or a server')
    .addOption(modelsOption())
    .addOption(urlOption())
    .addOption(jsonOption())
    .addHelpText('after', states)
    .action(async ({ models: uri, url, json }: ModelsOptions) => {
      const rows =
        url === undefined ? await listStoredModels(openModelStore(uri)) : await listServedModels(serverUrl(url));
      if (json) console.log(JSON.stringify(rows, null, 2));
      else if (rows.length === 0) console.log(`no models in ${url ?? uri}; tensorgate push adds one`);
      else printRows(rows, url === undefined);
    });
}

async function listServedModels(url: string): Promise<readonly ListedModel[]> {
  const response = await askServer(`${url}/v2/repository/index`, { method: 'POST' });
  return (await response.json()) as readonly ListedModel[];
}

function printRows(rows: readonly ListedModel[], hasAliases: boolean): void {
  const columns = (aliases: string) => (hasAliases ? [aliases] : []);
  printTable(
    ['NAME', 'VERSION', 'STATE', ...columns('ALIASES'), 'REASON'],
    rows.map(({ name, version = '-', state, aliases = [], reason }) => [
      name,
      version,
      state,
      ...columns(aliases.join(', ') || '-'),
      reason,
    ]),
  );
}
