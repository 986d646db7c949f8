import type { Session } from '../src/ports/session.ts';
import type { FilesToPush } from './files-to-push.ts';
import { type GivenSamples, givenSamples } from './given-samples.ts';
import { givenTexts } from './given-texts.ts';
import { UsageError } from './usage-error.ts';

export interface JudgingFiles {
  readonly texts?: string | undefined;
  readonly samples?: string | undefined;
}

/**
 * The texts or samples of a file, to judge by, else the samples beside the model; undefined where there are none.
 * Rejects with an Error where they do not hold, or the model takes none such.
 */
export async function judgingSamples(
  { texts, samples }: JudgingFiles,
  session: Session,
  toPush: FilesToPush,
): Promise<GivenSamples | undefined> {
  if (texts !== undefined && samples !== undefined)
    throw new UsageError('it is judged by texts or by samples: give --texts or --samples');
  return (await givenTexts(texts, session, toPush)) ?? (await givenSamples(samples, toPush));
}
