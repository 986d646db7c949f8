import type { OnnxModel } from '../../onnx-model.ts';
import { chosenOutput } from '../chosen-output.ts';
import type { Loss } from './loss.ts';

/** What of a teacher a student is held to, and how. */
export interface TeacherLoss {
  readonly loss: Loss;
  /** The value of both models that is compared. */
  readonly value: string;
}

/** Kinds of losses by which a student learns what its teacher says, not what is right. */
export type TeacherLossKind = 'cosine' | 'mean-squared-error' | 'distillation';

/**
 * How a student is held to an output of its teacher: to its shares of classes, by the logits before the Softmax that
 * makes them or where the output is called that; to the direction of vectors; to numbers as they are.
 *
 * @param output the output; the one of floats, where it is not told
 * @param kind the loss; by the output, where it is not told
 */
export function teacherLoss(
  { graph }: OnnxModel,
  output: string | undefined,
  kind: TeacherLossKind | undefined,
): TeacherLoss {
  const name = chosenOutput(graph, 'cosine', output);
  const logits = chosenOutput(graph, 'distillation', output);
  const last = graph.outputs.find((each) => each.name === name)?.type?.shape?.at(-1);
  const ofNumbers = last === 1 ? 'mean-squared-error' : 'cosine';
  const chosen = kind ?? (logits !== name || name === 'logits' ? 'distillation' : ofNumbers);
  return { loss: { kind: chosen }, value: chosen === 'distillation' ? logits : name };
}
