import { expect, test } from '@jest/globals';
import { type ReleasesReport, releaseFacts } from '../../cli/release-facts.ts';
import { ReleasedModel } from '../fakes/released-model.ts';

test('what is on trial is told line by line', async () => {
  const model = new ReleasedModel();
  const canary = { version: 2, percent: 100 };
  await model.release({
    old: { version: 1, shadow: { version: 2, percent: 100 } },
    production: { version: 1, previous: 2, canary },
  });
  for (let call = 0; call < 3; call += 1) await model.ask();
  await model.ask({}, '/v2/models/m/versions/old/infer');
  // Each comparison runs in a turn of its own, at the most.
  for (let turn = 0; turn < 20; turn += 1) await model.time.turn();
  const report = (await model.get('/v2/models/m/releases')) as ReleasesReport;
  const text = releaseFacts(report).map((fact) => fact.join(': '));
  expect(text).toEqual([
    'model: m',
    'old: version 1',
    'old shadow: version 2, 100 % of the calls',
    '  answers: 1 of 1 agree, 0 of 1 labels differ, at most by 0',
    '  runs: 0 ms beside 0 ms, 0 failed, 0 dropped',
    'production: version 1, before version 2',
    'production canary: version 2, 100 % of the calls',
    '  canary: 3 calls, 0 failed, 0 of 0 slow',
    '  stable: 0 calls, 0 failed, 0 of 0 slow',
    expect.stringMatching(
      /^ {2}evidence: that it is worse: errors .*, latency 1, answers .*; it is taken back where one reaches 300$/,
    ),
    expect.stringMatching(/^ {2}answers: (\d) of \1 agree/),
    '  runs: 0 ms beside 0 ms, 0 failed, 0 dropped',
  ]);
});
