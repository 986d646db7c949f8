import { Command } from 'commander';
import { askServer } from './ask-server.ts';
import { jsonOption } from './json-option.ts';
import { modelPath } from './model-path.ts';
import { modelsOption } from './models-option.ts';
import { printFacts } from './print-facts.ts';
import { type ReleasesReport, releaseFacts } from './release-facts.ts';
import { serverUrl } from './server-url.ts';
import { urlOption } from './url-option.ts';

interface ReleasesOptions {
  readonly models: string;
  readonly url?: string;
  readonly json: boolean;
}

const explanation = `
Of a repository it is what all hosts have written down of its canaries, every few seconds; a server (--url) has besides, of itself alone, whether
they are loaded, how answers differ, and how its shadows do.

EVIDENCE weighs whether the canary fails more often than the stable version, is slower, or answers otherwise more often than it may: about 1 and
less is none, and once one of the three reaches the number behind them the canary is taken back by itself (docs/canaries.md).`;

/** `tensorgate releases`: how the canaries and shadows of a model do. */
export function releasesCommand(): Command {
  return new Command('releases')
    .description('tell where the aliases of a model lead, and how its canaries and shadows do')
    .argument('<model>', 'the model')
    .addOption(modelsOption())
    .addOption(urlOption())
    .addOption(jsonOption())
    .addHelpText('after', explanation)
    .action(async (model: string, { models, url, json }: ReleasesOptions) => {
      const report = url === undefined ? await storedHere(models, model) : await servedThere(serverUrl(url), model);
      if (json) console.log(JSON.stringify(report, null, 2));
      else printFacts(releaseFacts(report));
    });
}

async function storedHere(models: string, model: string): Promise<ReleasesReport> {
  const { storedReleases } = await import('./stored-releases.ts');
  return storedReleases(models, model);
}

async function servedThere(url: string, name: string): Promise<ReleasesReport> {
  const answer = await askServer(`${url}/v2/models/${modelPath({ name })}/releases`);
  return (await answer.json()) as ReleasesReport;
}
