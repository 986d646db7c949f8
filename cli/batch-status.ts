import { Command } from 'commander';
import { askBatch } from './ask-batch.ts';
import { jobUrlOption } from './job-url-option.ts';
import { jsonOption } from './json-option.ts';
import { printJob } from './print-job.ts';
import { statusOfFiles } from './status-of-files.ts';

/** `tensorgate batch status`: how far a job is. */
export function batchStatusCommand(): Command {
  return new Command('status')
    .description('tell how far a job is, and why it failed')
    .argument(
      '<job>',
      "a folder of results, here or s3://<bucket>/<prefix>; of a deployment's job also the s3:// URI of what was stored under in/, or with --url its id",
    )
    .addOption(jobUrlOption())
    .addOption(jsonOption())
    .action(async (job: string, { url, json }: { readonly url?: string; readonly json: boolean }) => {
      printJob(await (url === undefined ? statusOfFiles(job) : askBatch(url, job)), json);
    });
}
