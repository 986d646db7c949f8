import { expect, test } from '@jest/globals';
import { TrialFigures } from '../../../src/core/canary/trial-figures.ts';
import { ReleasedModel } from '../../fakes/released-model.ts';

test('what is new of versions on trial is told once, and the state of a canary each time', async () => {
  const model = new ReleasedModel();
  const canary = { version: 2, percent: 100, since: '2026-11-29T00:00:00Z' };
  model.behaviours.set(2, () => [0.2, 0.8]);
  await model.release({
    old: { version: 1, shadow: { version: 2, percent: 100 } },
    production: { version: 1, canary },
    plain: { version: 1 },
  });
  const figures = new TrialFigures();
  const next = () => figures.next(model.dataPlane.releases.list());
  const shadowed = { model: 'm', alias: 'old', version: 2, role: 'shadow' };
  const tried = { model: 'm', alias: 'production', version: 2, role: 'canary' };
  const none = { compared: 0, disagreed: 0, difference: 0 };
  expect(next()).toEqual([{ ...tried, ...none, state: { percent: 100, evidence: expect.closeTo(1 / 300, 5) } }]);
  await model.ask({}, '/v2/models/m/versions/old/infer');
  await model.ask({}, '/v2/models/m/versions/old/infer');
  for (let turn = 0; turn < 20; turn += 1) await model.time.turn();
  const told = next();
  expect(told).toHaveLength(2);
  expect(told).toContainEqual({ ...shadowed, compared: 2, disagreed: 2, difference: expect.closeTo(0.7, 5) });
  expect(next()).toEqual([{ ...tried, ...none, state: expect.anything() }]);
  await model.release({ production: { version: 1, canary: { ...canary, percent: 0, stopped: 'it is slow' } } });
  expect(next()).toEqual([]);
});
