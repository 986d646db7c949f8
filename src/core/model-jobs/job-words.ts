import { fileOption, jobKinds } from './job-kinds.ts';
import type { ModelJob } from './model-job.ts';
import { optionWord } from './option-word.ts';

export interface JobWordsOptions {
  /** URI of the model repository. */
  readonly models: string;
  /** Where the source is, or what the repository calls it. */
  readonly source: string;
  /** What runs models there, of what --execution-providers takes. @default the processor */
  readonly providers?: string | undefined;
  /** Which of its GPUs that is. @default 0 */
  readonly gpuDevice?: number | undefined;
  /** Where a file of its options is, by what the request calls it. */
  readonly pathOf: (file: string) => string;
}

/**
 * The command that does a job, with its options, as words. None of them is read by a shell, and none can be taken for
 * another option.
 */
export function jobWords(
  { kind, model, options }: Pick<ModelJob, 'kind' | 'model' | 'options'>,
  { models, source, providers, gpuDevice = 0, pathOf }: JobWordsOptions,
): readonly string[] {
  const given = Object.entries(options).flatMap(([name, value]) => {
    const option = optionWord(name);
    if (typeof value === 'boolean') return value ? [option] : [];
    const isFile = jobKinds[kind]?.options[name] === fileOption;
    return [value].flat().map((each) => `${option}=${isFile ? pathOf(String(each)) : each}`);
  });
  const words = jobKinds[kind]?.isNew?.(options) ? [model] : [source, `--name=${model}`];
  const told = providers === undefined ? undefined : jobKinds[kind]?.providers?.(providers, options);
  const place = told === undefined ? [] : [`--execution-providers=${told}`];
  const device = told?.includes('cuda') ? [`--gpu-device=${gpuDevice}`] : [];
  return [kind, ...words, `--models=${models}`, '--json', ...place, ...device, ...given];
}
