import { expect, test } from '@jest/globals';
import { endsLast } from '../../../src/graph/gradient/ends-last.ts';
import { makeNode } from '../../../src/graph/make-node.ts';

test('nodes that no other one reads are last, the first of them at the very end; the others stay as they are', () => {
  const chain = makeNode('Relu', ['x'], ['hidden']);
  const early = makeNode('Neg', ['hidden'], ['first end']);
  const later = makeNode('Split', ['hidden'], ['unread', 'part']);
  const ends = ['second', 'third'].map((word) => makeNode('Relu', ['part'], [`${word} end`]));
  const ordered = endsLast([chain, early, later, ...ends]);
  expect(ordered.map(({ outputs }) => outputs[0])).toEqual([
    'hidden',
    'unread',
    'third end',
    'second end',
    'first end',
  ]);
});
