import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { openModels } from '../../functions/open-models.ts';
import { readEnvironment } from '../../functions/read-environment.ts';
import { FakeS3 } from '../fakes/fake-s3.ts';

const s3 = new FakeS3();
const before = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, s3.environment);
  for (const name of ['a', 'b']) s3.put(`${name}/1/model.onnx`, '');
});
afterAll(() => {
  process.env = before;
});

const named = async (served: string) =>
  (await openModels(readEnvironment({ TENSORGATE_MODELS: 's3://models', TENSORGATE_SERVED: served })).list()).map(
    ({ name }) => name,
  );

test('a function of some models lists these alone: its role may list no others', async () => {
  s3.fault = ({ query }) =>
    query.has('list-type') && !query.get('prefix')?.startsWith('a/') ? { status: 403 } : undefined;
  expect(await named('a')).toEqual(['a']);
});

test('one of all models lists them all', async () => {
  expect(await named('')).toEqual(['a', 'b']);
});
