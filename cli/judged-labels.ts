import { readFile } from 'node:fs/promises';
import type { TaskLabels } from '../src/core/factory/task-of-labels.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import { csvColumn } from './csv-column.ts';
import type { FilesToPush } from './files-to-push.ts';
import type { JudgedSamples } from './judged-samples.ts';
import { labelColumn } from './label-column.ts';
import { readTaskLabels } from './read-task-labels.ts';
import { unreadable } from './unreadable.ts';
import { UsageError } from './usage-error.ts';

/** The classes that are right of the samples that a model is judged by. */
export interface JudgedLabels extends TaskLabels {
  /** Of what was learned, where these are known too: none of it is judged. */
  readonly learned?: { readonly samples: readonly Sample[]; readonly labels: readonly string[] };
}

export interface LabelFiles {
  readonly task: string | undefined;
  /** That of the texts that were learned, which may have labels of its own. */
  readonly texts: string | undefined;
}

/**
 * The classes that are right of what is judged, and of what was learned; undefined where no file says them. Rejects
 * with a UsageError where there are no samples, with an Error where they are not as many as the labels.
 */
export async function judgedLabels(
  { task, texts }: LabelFiles,
  toPush: FilesToPush,
  given: JudgedSamples | undefined,
): Promise<JudgedLabels | undefined> {
  if (task === undefined) return undefined;
  if (!given) throw new UsageError('--task has a class for each of the samples: give these too');
  const { places, of, learned, learnedPlaces } = given;
  const { labels: all, names } = await readTaskLabels(task, toPush);
  if (all.length !== of)
    throw new Error(`${task}: expected a label for each of ${of} texts or samples, got ${all.length}`);
  const labels = places.map((place) => all[place] as string);
  const ofLearned =
    learned && (learnedPlaces?.map((place) => all[place] as string) ?? (await labelsOfTexts(texts, labels)));
  return { labels, names, ...(learned && ofLearned && { learned: { samples: learned.samples, labels: ofLearned } }) };
}

/** Undefined where the texts have no labels. */
async function labelsOfTexts(
  file: string | undefined,
  judged: readonly string[],
): Promise<readonly string[] | undefined> {
  if (file === undefined || !/\.csv$/i.test(file)) return undefined;
  const { values } = csvColumn(await readFile(file, 'utf8').catch(unreadable(file)), labelColumn);
  const unknown = values && judged.find((label) => !values.includes(label));
  if (unknown === undefined) return values;
  throw new Error(`${file}: expected the labels that --task has, got none of '${unknown}', which no head could learn`);
}
