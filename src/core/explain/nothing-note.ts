import type { Explanation } from './explanation.ts';

/** Where all weights are 0, though the baseline has something else: why, and which method may find more. */
export function nothingNote({ method, regions, spans, bytes }: Explanation): string {
  const note = 'all weights are 0: no part changes the score by this method';
  if (method === 'occlusion') {
    const larger = regions || spans || bytes ? ", and fewer 'parts' are larger ones" : '';
    return `${note}, which leaves out one at a time; kernel-shap and lime leave out several at once${larger}`;
  }
  if (method === 'gradient-x-input' || method === 'grad-cam')
    return `${note}, which goes by slopes at the item; kernel-shap and lime go by what the model answers without parts`;
  return note;
}
