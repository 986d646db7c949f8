import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { gradientRules } from '../../../src/graph/gradient/gradient-rules.ts';

test('the documentation names all operators that gradients go back through, and no others', async () => {
  const text = await readFile('docs/training.md', 'utf8');
  const [, list = ''] = /^### Operators\n\n[^\n]+\n\n([^\n]+)\n/m.exec(text) ?? [];
  expect(list).toBe(
    `${Object.keys(gradientRules)
      .toSorted()
      .map((operator) => `\`${operator}\``)
      .join(', ')}.`,
  );
});
