import { expect, test } from '@jest/globals';
import { parseExecutionProviders } from '../../cli/parse-execution-providers.ts';

test.each([
  ['cpu', ['cpu']],
  ['cuda', ['cuda']],
  ['cuda, cpu', ['cuda', 'cpu']],
])('%s', (text, providers) => {
  expect(parseExecutionProviders(text)).toEqual(providers);
});

test.each(['', 'gpu', 'cpu,cuda', 'cuda,cuda', 'constructor'])("'%s' is refused, with what there is", (text) => {
  expect(() => parseExecutionProviders(text)).toThrow('Expected cpu, cuda, or cuda,cpu');
});
