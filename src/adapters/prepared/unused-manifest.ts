import type { Manifest } from './manifest.ts';

/** What a prepared form that is not to be used says of itself. */
export function unusedManifest(whyNot: string): Manifest {
  return { format: 2, whyNot, operators: [], mixesRows: '', answer: { values: 'zeros', inputs: [], outputs: [] } };
}
