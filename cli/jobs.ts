import { Command } from 'commander';
import { askJobs } from './ask-jobs.ts';
import { commandWords, inCommandWords } from './command-words.ts';
import { jobUrlOption } from './job-url-option.ts';
import { jobsRunCommand } from './jobs-run.ts';
import { jsonOption } from './json-option.ts';
import { printJobEnding } from './print-job-ending.ts';
import { type JobAnswer, printJobs } from './print-jobs.ts';
import { submitCommand } from './submit.ts';

interface AskingOptions {
  readonly url: string;
  readonly json: boolean;
}

/** `tensorgate jobs`: models that a server, or a deployment, makes of others. */
export function jobsCommand(): Command {
  const withUrl = (command: Command) => command.addOption(jobUrlOption().makeOptionMandatory()).addOption(jsonOption());
  return new Command('jobs')
    .description('have a server or a deployment make models of others, and see how far it is')
    .enablePositionalOptions()
    .addCommand(submitCommand())
    .addCommand(jobsRunCommand(), { hidden: true })
    .addCommand(withUrl(new Command('list').description('list jobs, the newest first')).action(list))
    .addCommand(
      withUrl(new Command('show').description('tell how far a job is, and what it said').argument('<id>')).action(show),
    )
    .addCommand(withUrl(new Command('cancel').description('stop a job').argument('<id>')).action(cancel));
}

async function list({ url, json }: AskingOptions): Promise<void> {
  const jobs: JobAnswer[] = [];
  let query = '?limit=100';
  for (;;) {
    const page = await askJobs<{ data: JobAnswer[]; has_more: boolean }>(url, query);
    jobs.push(...page.data);
    if (!page.has_more) break;
    query = `?limit=100&after=${jobs.at(-1)?.id}`;
  }
  if (json) console.log(JSON.stringify(jobs, null, 2));
  else printJobs(jobs.map(inCommandWords));
}

async function show(id: string, { url, json }: AskingOptions): Promise<void> {
  const path = `/${encodeURIComponent(id)}`;
  const job = await askJobs<JobAnswer>(url, path);
  if (json) return console.log(JSON.stringify(job, null, 2));
  const { data } = await askJobs<{ data: readonly { message: string }[] }>(url, `${path}/events`);
  const said = data.map(({ message }) => commandWords(job.kind, message));
  for (const message of said) console.error(message);
  printJobEnding(inCommandWords(job), said);
}

async function cancel(id: string, { url, json }: AskingOptions): Promise<void> {
  const job = await askJobs<JobAnswer>(url, `/${encodeURIComponent(id)}/cancel`, { method: 'POST' });
  if (json) console.log(JSON.stringify(job, null, 2));
  else printJobs([inCommandWords(job)]);
}
