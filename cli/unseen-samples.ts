import { digestBytes } from '../src/adapters/digest-bytes.ts';
import type { Sample } from '../src/core/releases/sample.ts';
import type { GivenSamples } from './given-samples.ts';
import type { LearningSamples } from './learning-samples.ts';

/**
 * Judges by the samples at some places that ask nothing that was learned: a file may have a text twice, and two files
 * the same one. Throws an Error where none is left.
 */
export function unseenSamples(all: GivenSamples, places: readonly number[], learned: GivenSamples): LearningSamples {
  const seen = new Set(learned.samples.map(digestOf));
  const left = places.filter((place) => !seen.has(digestOf(all.samples[place] as Sample)));
  if (left.length === 0) throw new Error('all that it would be judged by is what it learns from: give other samples');
  const samples = left.map((place) => all.samples[place] as Sample);
  return { learned, judged: { ...all, samples }, places: left, of: all.samples.length };
}

function digestOf({ inputs }: Sample): string {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  return digestBytes([new TextEncoder().encode(JSON.stringify(sorted))]);
}
