import type { Session } from '../src/ports/session.ts';
import type { FilesToPush } from './files-to-push.ts';
import { givenSamples } from './given-samples.ts';
import { givenTexts } from './given-texts.ts';
import type { JudgedSamples } from './judged-samples.ts';
import { splitSamples } from './split-samples.ts';
import { unseenSamples } from './unseen-samples.ts';
import { UsageError } from './usage-error.ts';

/** What a student learns from, and what it is judged by then. */
export type LearningSamples = JudgedSamples & Required<Pick<JudgedSamples, 'learned'>>;

export interface LearningFiles {
  readonly texts: string | undefined;
  readonly samples: string | undefined;
}

/** One in so many is not learned from. */
const heldOut = 10;

/**
 * Texts or samples to learn from. Where both are given, the samples are what is judged by; else one in ten is held out
 * for that. Rejects with an Error where there are none, or too few.
 */
export async function learningSamples(
  { texts, samples }: LearningFiles,
  session: Session,
  toPush: FilesToPush,
): Promise<LearningSamples> {
  const ofTexts = await givenTexts(texts, session, toPush);
  const given = samples === undefined ? undefined : await givenSamples(samples, toPush);
  if (ofTexts && given) return unseenSamples(given, [...given.samples.keys()], ofTexts);
  const all = ofTexts ?? given;
  if (!all) throw new UsageError('there is nothing to learn from: give --texts or --samples');
  return splitSamples(all, heldOut);
}
