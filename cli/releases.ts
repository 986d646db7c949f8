import { Command } from 'commander';
import { askServer } from './ask-server.ts';
import { jsonOption } from './json-option.ts';
import { printFacts } from './print-facts.ts';
import { type ReleasesReport, releaseFacts } from './release-facts.ts';
import { serverUrl } from './server-url.ts';

/** `tensorgate releases`: how the canaries and shadows of a model do, as a server has counted. */
export function releasesCommand(): Command {
  return new Command('releases')
    .description('ask a server where the aliases of a model lead, and how its canaries and shadows do')
    .argument('<model>', 'the model')
    .option('--url <url>', 'the server; TENSORGATE_API_KEY has its key', 'http://127.0.0.1:8080')
    .addOption(jsonOption())
    .action(async (model: string, { url, json }: { url: string; json: boolean }) => {
      const answer = await askServer(`${serverUrl(url)}/v2/models/${encodeURIComponent(model)}/releases`);
      const report = (await answer.json()) as ReleasesReport;
      if (json) console.log(JSON.stringify(report, null, 2));
      else printFacts(releaseFacts(report));
    });
}
