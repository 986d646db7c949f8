import { expect, test } from '@jest/globals';
import type { Explanation } from '../../../src/core/explain/explanation.ts';
import { nothingNote } from '../../../src/core/explain/nothing-note.ts';

const explained: Explanation = {
  method: 'occlusion',
  target: { index: 0, of: 'output' },
  value: 1,
  baseline: 'zeros',
  evaluations: 3,
};

test('a note on weights that are all 0 says what may find more', () => {
  const note = 'all weights are 0: no part changes the score by this method';
  const several = `${note}, which leaves out one at a time; kernel-shap and lime leave out several at once`;
  expect(nothingNote({ ...explained, features: [] })).toBe(several);
  expect(nothingNote({ ...explained, regions: [] })).toBe(`${several}, and fewer 'parts' are larger ones`);
  expect(nothingNote({ ...explained, method: 'grad-cam' })).toMatch(/; kernel-shap and lime go by what the model/);
  expect(nothingNote({ ...explained, method: 'kernel-shap' })).toBe(note);
});
