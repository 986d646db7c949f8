import type { Run, SessionOutput } from '../ports/session.ts';
import type { StoredOutput } from '../ports/stored-answer.ts';
import { sampleElements } from './sample-elements.ts';

/** The outputs of a run in the form in which they are stored. */
export function storeOutputs({ outputNames }: Run, outputs: readonly SessionOutput[]): readonly StoredOutput[] {
  return outputs.map((output, index) => ({
    name: outputNames[index] as string,
    shape: output.shape,
    elements: sampleElements(output),
  }));
}
