import { expect, test } from '@jest/globals';
import { ProblemLog } from '../../src/adapters/problem-log.ts';

test('a problem is logged when it turns up, and again when it comes back', () => {
  const logged: string[] = [];
  const log = new ProblemLog(({ model, problem }) => logged.push(`${model}: ${problem}`));
  const a = { model: 'a', problem: 'model.json: not JSON' };
  const b = { model: 'b', problem: "'b/v1' is no version" };
  for (const problems of [[a], [a, b], [b], [a]]) log.update(problems);
  expect(logged).toEqual(['a: model.json: not JSON', "b: 'b/v1' is no version", 'a: model.json: not JSON']);
});
