import type { PostprocessStep, PredictionConfig, PreprocessStep } from '../../ports/task.ts';
import { chain, type NamedStep } from './chain.ts';
import { givesVectors } from './gives-vectors.ts';
import { presetSteps } from './preset-steps.ts';
import type { Step } from './step.ts';
import { argmaxStep } from './steps/argmax-step.ts';
import { averageStep } from './steps/average-step.ts';
import { boxesStep } from './steps/boxes-step.ts';
import { bytesStep } from './steps/bytes-step.ts';
import { columnsStep } from './steps/columns-step.ts';
import { decodeImageStep } from './steps/decode-image-step.ts';
import { decodeSoundStep } from './steps/decode-sound-step.ts';
import { encodeImageStep } from './steps/encode-image-step.ts';
import { framesStep } from './steps/frames-step.ts';
import { labelStep } from './steps/label-step.ts';
import { logMelStep } from './steps/log-mel-step.ts';
import { pictureTensorStep } from './steps/picture-tensor-step.ts';
import { poolStep } from './steps/pool-step.ts';
import { resampleStep } from './steps/resample-step.ts';
import { sigmoidStep } from './steps/sigmoid-step.ts';
import { softmaxStep } from './steps/softmax-step.ts';
import { spansStep } from './steps/spans-step.ts';
import { speechStep } from './steps/speech-step.ts';
import { textStep } from './steps/text-step.ts';
import { thresholdStep } from './steps/threshold-step.ts';
import { tokenizeStep } from './steps/tokenize-step.ts';
import { topKStep } from './steps/top-k-step.ts';
import { valueStep } from './steps/value-step.ts';
import { waveStep } from './steps/wave-step.ts';
import type { Task } from './task.ts';
import type { TaskModel } from './task-model.ts';

/**
 * A task with its steps held against the model's inputs and outputs. Rejects with an Error that says which step does
 * not fit, and why.
 */
export async function openTask(config: PredictionConfig, parts: Omit<TaskModel, 'rates'>): Promise<Task> {
  const usual = presetSteps(config.name, parts.signature);
  const { preprocess = usual.preprocess, postprocess = usual.postprocess } = config;
  if (preprocess.some(({ tokenize }) => tokenize?.prompt) && !givesVectors(config))
    throw new Error(`step tokenize: 'prompt' is of tasks that give vectors, and this is ${config.name}`);
  const rates = preprocess.flatMap(({ resample }) => resample?.rates ?? []);
  const model: TaskModel = { ...parts, rates };
  const before: NamedStep[] = [];
  for (const step of preprocess) before.push(await openPreprocess(step, model));
  const after: NamedStep[] = [];
  for (const step of postprocess) after.push(await openPostprocess(step, model));
  return {
    name: config.name,
    preprocess: chain('task.preprocess', before, 'inputs'),
    postprocess: chain('task.postprocess', after, 'prediction'),
  };
}

async function openPreprocess(step: PreprocessStep, model: TaskModel): Promise<NamedStep> {
  const { text, tokenize, bytes, columns, decodeImage, pictureTensor, decodeSound, resample, wave, logMel, frames } =
    step;
  if (text) return named('text', textStep(model));
  if (tokenize) return named('tokenize', await tokenizeStep(model, tokenize));
  if (bytes) return named('bytes', bytesStep(model, bytes));
  if (columns) return named('columns', columnsStep(model, columns));
  if (decodeImage) return named('decodeImage', await decodeImageStep(model));
  if (pictureTensor) return named('pictureTensor', pictureTensorStep(model, pictureTensor));
  if (decodeSound) return named('decodeSound', await decodeSoundStep(model, decodeSound));
  if (resample) return named('resample', resampleStep(resample));
  if (wave) return named('wave', waveStep(model, wave));
  if (logMel) return named('logMel', logMelStep(model, logMel));
  if (frames) return named('frames', framesStep(model, frames));
  throw new Error("'task.preprocess': expected a step in each object");
}

async function openPostprocess(step: PostprocessStep, model: TaskModel): Promise<NamedStep> {
  const { softmax, topK, label, boxes, encodeImage, pool, value, average, speech, sigmoid, threshold, argmax, spans } =
    step;
  if (softmax) return named('softmax', softmaxStep(model, softmax));
  if (sigmoid) return named('sigmoid', sigmoidStep(model, sigmoid));
  if (threshold) return named('threshold', thresholdStep(model, threshold));
  if (argmax) return named('argmax', argmaxStep(model, argmax));
  if (spans) return named('spans', spansStep(model, spans));
  if (topK) return named('topK', topKStep(model, topK));
  if (label) return named('label', labelStep(model, label));
  if (boxes) return named('boxes', boxesStep(model, boxes));
  if (encodeImage) return named('encodeImage', await encodeImageStep(model, encodeImage));
  if (pool) return named('pool', poolStep(model, pool));
  if (value) return named('value', valueStep(model, value));
  if (average) return named('average', averageStep(model, average));
  if (speech) return named('speech', speechStep(model, speech));
  throw new Error("'task.postprocess': expected a step in each object");
}

/** A step among others: what it takes is compared as they are put together. */
function named(name: string, step: { readonly takes: string; readonly gives: string }): NamedStep {
  return [name, step as unknown as Step];
}
