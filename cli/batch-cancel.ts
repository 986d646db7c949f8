import { Command } from 'commander';
import { findJobFiles } from '../src/adapters/batch/find-job-files.ts';
import { cancelJob } from '../src/core/batch-jobs/cancel-job.ts';
import { askBatch } from './ask-batch.ts';
import { jobUrlOption } from './job-url-option.ts';

/** `tensorgate batch cancel`: a job of a deployment or a server stops. */
export function batchCancelCommand(): Command {
  return new Command('cancel')
    .description('stop a job of a deployment or a server; what was done is kept')
    .argument('<job>', 'the s3:// URI of its results, or of what was stored under in/; or with --url its id')
    .addOption(jobUrlOption())
    .action(async (place: string, { url }: { readonly url?: string }) => {
      const id = url === undefined ? await cancelByFile(place) : (await askBatch(url, place, '/cancel')).job;
      console.log(`asked ${id} to stop; tensorgate batch status tells when it has`);
    });
}

async function cancelByFile(place: string): Promise<string> {
  const { output, job } = await findJobFiles(place);
  if (!job) throw new Error(`'${place}' is of a job of this command: Ctrl-C stops it where it runs`);
  await cancelJob(output, `batch '${job.id}'`, new Date());
  return job.id;
}
