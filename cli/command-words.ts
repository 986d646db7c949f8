import { jobKinds } from '../src/core/model-jobs/job-kinds.ts';
import { optionWord } from '../src/core/model-jobs/option-word.ts';
import type { JobAnswer } from './print-jobs.ts';

/** An option as `/v1/jobs` calls it, and the value that it is told with. */
const field = /(?<![\w./-])(?:field )?('?)options\.([A-Za-z]+)\1(?: "([\w-]+)")?(?![\w-])/g;

/** Puts what a server says of the options of a job's request into the words of the command that it is asked for by. */
export function commandWords(kind: string, text: string): string {
  const known = jobKinds[kind]?.options ?? {};
  return text.replace(field, (words, _quote, name: string, value?: string) => {
    if (!Object.hasOwn(known, name)) return words;
    return value === undefined ? optionWord(name) : `${optionWord(name)} ${value}`;
  });
}

/** How far a job is, in the words of its command. */
export function inCommandWords(job: JobAnswer): JobAnswer {
  const { kind, error, progress } = job;
  return {
    ...job,
    error: error && { ...error, message: commandWords(kind, error.message) },
    progress: progress === null ? null : commandWords(kind, progress),
  };
}
