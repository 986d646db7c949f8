import { setTimeout as pause } from 'node:timers/promises';
import { Argument, Command } from 'commander';
import { askJobs } from './ask-jobs.ts';
import { commandWords, inCommandWords } from './command-words.ts';
import { jobRequestOf } from './job-request-of.ts';
import { jobUrlOption } from './job-url-option.ts';
import { jsonOption } from './json-option.ts';
import { modelCommands } from './model-commands.ts';
import { printJobEnding } from './print-job-ending.ts';
import type { JobAnswer } from './print-jobs.ts';
import { tellJobError } from './tell-job-error.ts';

interface SubmitOptions {
  readonly url?: string;
  readonly wait: boolean;
  readonly json: boolean;
}

const lookMs = 1000;
const under = ['queued', 'running', 'cancelling'];

/** `tensorgate jobs submit`: a command that makes a model of another is run by a server. */
export function submitCommand(): Command {
  const kinds = Object.keys(modelCommands);
  return new Command('submit')
    .description(`have a server run ${kinds.join(', ')} over its own repository, with files from here`)
    .addArgument(new Argument('<command>', 'what it is to do').choices(kinds))
    .argument('<words...>', 'what would follow it here, such as fraud@3 --samples samples.jsonl')
    .passThroughOptions()
    .addOption(jobUrlOption())
    .option('--wait', 'tell what it says until it has ended; the exit code is that of the command', false)
    .addOption(jsonOption())
    .action(submit);
}

async function submit(
  kind: keyof typeof modelCommands,
  words: readonly string[],
  { url, wait, json }: SubmitOptions,
  command: Command,
): Promise<void> {
  // What follows the command's name is the command's own.
  if (url === undefined) command.error(`error: expected --url before '${kind}': jobs submit --url <url> ${kind} …`);
  if (words.includes('--wait'))
    command.error(`error: expected --wait before '${kind}': jobs submit --url <url> --wait ${kind} …`);
  const request = await jobRequestOf(kind, words, url);
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(request) };
  const job = await askJobs<JobAnswer>(url, '', init).catch((error: Error) => {
    error.message = commandWords(kind, error.message);
    throw error;
  });
  const { told, said } = wait ? await follow(job, url) : { told: job, said: [] };
  if (json) {
    console.log(JSON.stringify(told, null, 2));
    tellJobError(inCommandWords(told), said);
  } else printJobEnding(inCommandWords(told), said);
  if (!wait || told.status === 'completed') return;
  process.exitCode = told.status === 'refused' ? 2 : 1;
}

/** Tells what a job says until it has ended; how it ended, and what it said last. */
async function follow(
  job: JobAnswer,
  url: string,
): Promise<{ readonly told: JobAnswer; readonly said: readonly string[] }> {
  let now = job;
  let seen: string | undefined;
  for (;;) {
    const { data } = await askJobs<{ data: readonly { id: string; message: string }[] }>(url, `/${job.id}/events`);
    const from = data.findIndex(({ id }) => id === seen) + 1;
    const said = data.map(({ message }) => commandWords(job.kind, message));
    for (const message of said.slice(from)) console.error(message);
    seen = data.at(-1)?.id ?? seen;
    if (!under.includes(now.status)) return { told: now, said };
    await pause(lookMs);
    now = await askJobs<JobAnswer>(url, `/${job.id}`);
  }
}
