import { jobKinds } from '../src/core/model-jobs/job-kinds.ts';
import type { ModelJob } from '../src/core/model-jobs/model-job.ts';
import { optionField } from '../src/core/model-jobs/option-field.ts';
import { optionWord } from '../src/core/model-jobs/option-word.ts';
import { headKinds } from '../src/core/training/head-kinds.ts';
import { networkKinds } from '../src/core/training/network-kinds.ts';

/** What `train` says of what it cannot go on from: whoever asked for the job knows no folder, and names none. */
const otherCheckpoint = /^error: .*\.checkpoint is (.*)\. Remove it, or name another folder with --checkpoints$/;
/** A request of OpenAI's API has none. */
const recipes = ['a recipe with', 'of a recipe'].map(
  (words) => [words, words.replace('a recipe', 'a recipe (options.recipe of /v1/jobs)')] as const,
);

/**
 * Puts what the command of a job says into the words of whoever asked for it: fields of the request for options, and
 * their own names for files. Only the command's own words are looked for, whatever is said about them.
 *
 * @param paths of its files in the job's folder, by what the request calls them
 */
export function callersWords(
  { kind, inputs, fineTuning }: Pick<ModelJob, 'kind' | 'inputs' | 'fineTuning'>,
  paths: ReadonlyMap<string, string>,
): (line: string) => string {
  const isFineTuning = fineTuning !== undefined;
  const options = Object.keys(jobKinds[kind]?.options ?? {});
  const fieldOf = (name: string) => optionField(name, isFineTuning);
  const networkWords = (network: string) =>
    [`--new ${network}`, isFineTuning ? `new:${network}` : `${fieldOf('new')} "${network}"`] as const;
  const words = new Map([
    ...(options.includes('new') ? networkKinds.map(networkWords) : []),
    ...(options.includes('head')
      ? headKinds.map((head) => [`--head ${head}`, `${fieldOf('head')} "${head}"`] as const)
      : []),
    ...(isFineTuning ? recipes : []),
    ...options.map((name) => [optionWord(name), fieldOf(name)] as const),
    ...Array.from(paths, ([name, path]) => [path, inputs[name]?.filename ?? path] as const),
  ]);
  const patterns = [...words.keys()].sort((a, b) => b.length - a.length).map((word) => word.replace(/[^\w-]/g, '\\$&'));
  // Not where it is a part of a longer word, as of another file's path.
  const known = new RegExp(`(?<![\\w./-])(?:${patterns.join('|')})(?![\\w-])`, 'g');
  return (line) =>
    line
      .replace(otherCheckpoint, 'error: what it had kept to go on from is $1: ask for it again')
      .replace(known, (word) => words.get(word) ?? word);
}
