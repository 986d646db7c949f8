import type { TaskLabels } from '../src/core/factory/task-of-labels.ts';
import type { FilesToPush } from './files-to-push.ts';
import type { LearningSamples } from './learning-samples.ts';
import { readTaskLabels } from './read-task-labels.ts';

/** The classes that are right of the samples that a student is judged by; undefined where no file says them. Rejects with an Error where they are not as many as the samples. */
export async function judgedLabels(
  file: string | undefined,
  toPush: FilesToPush,
  { places, of }: Pick<LearningSamples, 'places' | 'of'>,
): Promise<TaskLabels | undefined> {
  if (file === undefined) return undefined;
  const { labels, names } = await readTaskLabels(file, toPush);
  if (labels.length !== of)
    throw new Error(`${file}: expected a label for each of ${of} texts or samples, got ${labels.length}`);
  return { labels: places.map((place) => labels[place] as string), names };
}
