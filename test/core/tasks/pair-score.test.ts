import { expect, test } from '@jest/globals';
import type { ModelVersion } from '../../../src/core/model-version.ts';
import { pairScore } from '../../../src/core/tasks/pair-score.ts';
import { modelSignature } from '../../fakes/model-signature.ts';

test.each([
  [[-1, 1], [], 'logits'],
  [[-1], [], 'logits'],
  [[-1, 2], [], undefined],
  [[-1, -1], [], undefined],
  [[-1, -1], ['LABEL_0'], 'logits'],
  [[-1, -1], ['no', 'yes'], undefined],
])('an output %j with the labels %j has the score of a pair: %s', (shape, labels, expected) => {
  const output = { name: 'logits', datatype: 'FP32', shape } as const;
  const signature = modelSignature([], [output], labels.length > 0 ? { logits: labels } : {});
  expect(pairScore({ signature } as ModelVersion)?.name).toBe(expected);
});
