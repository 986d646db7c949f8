import { nearHint } from '../src/adapters/near-hint.ts';

/** The error for a model that is not in `place`, a repository or a server: it names the one most likely meant. */
export function unknownModel(name: string, place: string, known: readonly string[]): Error {
  return new Error(`no model '${name}' in ${place}; ${nearHint(name, known)}`);
}
