import type { Sample } from '../src/core/releases/sample.ts';
import type { GivenSamples } from './given-samples.ts';
import type { LearningSamples } from './learning-samples.ts';
import { unseenSamples } from './unseen-samples.ts';

/**
 * Holds one in so many out, to judge by, and leaves the others to learn from. Throws an Error where there are too few.
 */
export function splitSamples(all: GivenSamples, oneIn: number): LearningSamples {
  const { length } = all.samples;
  if (length < oneIn)
    throw new Error(`expected ${oneIn} texts or samples at least, one of which is held out, got ${length}`);
  const isHeldOut = (place: number) => place % oneIn === oneIn - 1;
  const places = [...all.samples.keys()];
  const learnedPlaces = places.filter((place) => !isHeldOut(place));
  const learned = { ...all, samples: learnedPlaces.map((place) => all.samples[place] as Sample) };
  return { learnedPlaces, ...unseenSamples(all, places.filter(isHeldOut), learned) };
}
