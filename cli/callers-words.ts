import { jobKinds } from '../src/core/model-jobs/job-kinds.ts';
import type { ModelJob } from '../src/core/model-jobs/model-job.ts';
import { optionField } from '../src/core/model-jobs/option-field.ts';

/**
 * Puts what the command of a job says into the words of whoever asked for it: fields of the request for options, and
 * their own names for files.
 *
 * @param paths of its files in the job's folder, by what the request calls them
 */
export function callersWords(
  { kind, inputs, fineTuning }: Pick<ModelJob, 'kind' | 'inputs' | 'fineTuning'>,
  paths: ReadonlyMap<string, string>,
): (line: string) => string {
  const isFineTuning = fineTuning !== undefined;
  const options = jobKinds[kind]?.options ?? {};
  const renamed = Array.from(paths).flatMap(([name, path]) => {
    const filename = inputs[name]?.filename ?? path;
    // Not where it is the end of another file's.
    return filename === path
      ? []
      : [[new RegExp(`(?<![\\w./-])${path.replaceAll('.', '\\.')}`, 'g'), filename] as const];
  });
  const fieldOf = (option: string, words: string) => {
    const name = words.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
    return Object.hasOwn(options, name) ? optionField(name, isFineTuning) : option;
  };
  return (line) => {
    const named = renamed.reduce((text, [path, filename]) => text.replace(path, () => filename), line);
    const networks = isFineTuning ? named.replace(/--new (?=[a-z])/g, 'new:') : named;
    return networks.replace(/(?<![\w-])--([a-z]+(?:-[a-z]+)*)/g, fieldOf);
  };
}
