import type { Step } from '../step.ts';
import type { TaskModel } from '../task-model.ts';

/** A JPEG, PNG or WebP file as a picture. */
export async function decodeImageStep({ tools }: TaskModel): Promise<Step<'file', 'picture'>> {
  return { takes: 'file', gives: 'picture', apply: await tools.picture() };
}
