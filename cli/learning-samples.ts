import type { Session } from '../src/ports/session.ts';
import type { FilesToPush } from './files-to-push.ts';
import { type GivenSamples, givenSamples } from './given-samples.ts';
import { givenTexts } from './given-texts.ts';

/** What a student learns from, and what it is judged by then. */
export interface LearningSamples {
  readonly learned: GivenSamples;
  readonly judged: GivenSamples;
  /** Places of those judged among the samples of the file that they are of. */
  readonly places: readonly number[];
  /** How many that file has. */
  readonly of: number;
}

export interface LearningFiles {
  readonly texts: string | undefined;
  readonly samples: string | undefined;
}

/** One in so many is not learned from. */
const heldOut = 10;

/**
 * Texts or samples to learn from. Where both are given, the samples are what is judged by; else one in ten is held out for that. Rejects with an Error where there are
 * none, or too few.
 */
export async function learningSamples(
  { texts, samples }: LearningFiles,
  session: Session,
  toPush: FilesToPush,
): Promise<LearningSamples> {
  const ofTexts = await givenTexts(texts, session, toPush);
  const given = samples === undefined ? undefined : await givenSamples(samples, toPush);
  const all = ofTexts ?? given;
  if (!all) throw new Error('there is nothing to learn from: give --texts or --samples');
  if (ofTexts && given)
    return { learned: ofTexts, judged: given, places: [...given.samples.keys()], of: given.samples.length };
  if (all.samples.length < heldOut)
    throw new Error(
      `expected ${heldOut} texts or samples at least, one of which is held out, got ${all.samples.length}`,
    );
  const isHeldOut = (place: number) => place % heldOut === heldOut - 1;
  const places = [...all.samples.keys()].filter(isHeldOut);
  const part = (isJudged: boolean): GivenSamples => ({
    ...all,
    samples: all.samples.filter((_sample, place) => isHeldOut(place) === isJudged),
  });
  return { learned: part(false), judged: part(true), places, of: all.samples.length };
}
