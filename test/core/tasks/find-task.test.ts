import { expect, jest, test } from '@jest/globals';
import { findTask } from '../../../src/core/tasks/find-task.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';

const signature = { inputs: [], outputs: [], unservable: [], labels: new Map([['y', ['own']]]) };
/** As the graph has them: whatever else says something counts. */
const classes = {
  y: ['inner'],
  z: ['inner'],
  v: ['inner'],
};
const named = { signature, classes };
const ofGraph = { ...signature, labels: new Map([...Object.entries(classes), ...signature.labels]) };
const config = { name: 'text-classification' } as const;
const labels = new Map([
  ['y', ['other']],
  ['z', ['a']],
]);
const ofFolder = async () => ({ config, labels, words: 'for texts' });
const all = new Map([
  ['y', ['own']],
  ['z', ['a']],
  ['v', ['inner']],
]);

test('the task of the settings counts, whatever the folder says', async () => {
  const open = jest.fn(async () => undefined);
  const own = { name: 'tabular-regression' } as const;
  expect(await findTask(own, named, ofFolder, open)).toEqual({ name: own.name, signature: ofGraph, folder: '' });
  expect(open.mock.calls).toEqual([[own, ofGraph]]);
  const refuse = () => Promise.reject(new Error('unfit'));
  await expect(findTask(own, named, ofFolder, refuse)).rejects.toThrow('unfit');
});

test('else that of the folder, with its labels where the settings have none, and then those of the graph', async () => {
  const open = jest.fn(async () => undefined);
  const labelled = { ...signature, labels: all };
  const found = await findTask(undefined, named, ofFolder, open);
  expect(found).toEqual({ name: config.name, signature: labelled, folder: 'for texts' });
  expect(open.mock.calls).toEqual([[config, labelled]]);
});

test('one of the folder that does not fit is said, and keeps nothing from serving', async () => {
  const refuse = (error: Error) => () => Promise.reject(error);
  const missing = refuse(new ServiceError(404, 'no tokenizer.json'));
  const found = await findTask(undefined, named, ofFolder, missing);
  expect(found).toMatchObject({ folder: 'no task: no tokenizer.json (for texts)' });
  expect(found).not.toHaveProperty('name');
  const passing = refuse(new ServiceError(503, 'cannot be read'));
  await expect(findTask(undefined, named, ofFolder, passing)).rejects.toMatchObject({ status: 503 });
});

test('a folder that says nothing has none', async () => {
  const open = jest.fn(async () => undefined);
  expect(await findTask(undefined, named, async () => undefined, open)).toEqual({ signature: ofGraph, folder: '' });
  expect(open).not.toHaveBeenCalled();
});
