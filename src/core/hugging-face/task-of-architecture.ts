import type { TaskName } from '../../ports/task.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';

/** By the end of a class's name; what takes samples of sound goes by a name that texts have too. */
const tasks: readonly (readonly [end: RegExp, input: string, task: TaskName])[] = [
  [/ForSequenceClassification$/, 'input_ids', 'text-classification'],
  [/ForTokenClassification$/, 'input_ids', 'token-classification'],
  [/For(Sequence|Audio)Classification$/, 'input_values', 'audio-classification'],
  [/ForImageClassification(WithTeacher)?$/, 'pixel_values', 'image-classification'],
  [/ForObjectDetection$/, 'pixel_values', 'object-detection'],
  [/(ForCausalLM|LMHeadModel)$/, 'input_ids', 'text-generation'],
  [/Model$/, 'input_ids', 'feature-extraction'],
];

/** The task of a class of the library transformers, such as `BertForSequenceClassification`, with these inputs; undefined where there is none. */
export function taskOfArchitecture(architecture: string, inputs: readonly TensorSpec[]): TaskName | undefined {
  const takes = (name: string) => inputs.some((input) => input.name === name);
  return tasks.find(([end, input]) => end.test(architecture) && takes(input))?.[2];
}
