import type { TaskName } from '../../ports/task.ts';

/** By the end of a class's name; what takes samples of sound goes by a name that texts have too. */
export const architectures: readonly (readonly [end: RegExp, input: string | undefined, task: TaskName])[] = [
  [/ForSequenceClassification$/, 'input_ids', 'text-classification'],
  [/ForTokenClassification$/, 'input_ids', 'token-classification'],
  [/^WhisperForAudioClassification$/, 'input_features', 'audio-classification'],
  [/For(Sequence|Audio)Classification$/, 'input_values', 'audio-classification'],
  [/ForImageClassification(WithTeacher)?$/, 'pixel_values', 'image-classification'],
  [/ForObjectDetection$/, 'pixel_values', 'object-detection'],
  [/ForImageSuperResolution$/, 'pixel_values', 'image-to-image'],
  // Our own, of tables: transformers has none. What the model's one input is called does not matter.
  [/ForTabularClassification$/, undefined, 'tabular-classification'],
  [/ForTabularRegression$/, undefined, 'tabular-regression'],
  [/(ForCausalLM|LMHeadModel)$/, 'input_ids', 'text-generation'],
  [/Model$/, 'input_ids', 'feature-extraction'],
];
