import { nearestWord } from '../src/adapters/nearest-word.ts';

/** The error for a model that is not in `place`, a repository or a server: it names the one most likely meant. */
export function unknownModel(name: string, place: string, known: readonly string[]): Error {
  const near = nearestWord(name, known);
  const hint = near ? `did you mean '${near}'?` : `it has ${known.join(', ') || 'none'}`;
  return new Error(`no model '${name}' in ${place}; ${hint}`);
}
