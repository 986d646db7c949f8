import { expect, test } from '@jest/globals';
import { findTask, type TaskFinder } from '../../../src/core/tasks/find-task.ts';
import type { Task } from '../../../src/core/tasks/task.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';

const readText = async () => '';
const signature = { inputs: [], outputs: [], unservable: [], labels: new Map([['y', ['own']]]) };
const model = { signature, readText };
const config = { name: 'text-classification' } as const;
const folder = {
  config,
  labels: new Map([
    ['y', ['other']],
    ['z', ['a']],
  ]),
  words: 'for texts',
};

function finder(parts: Partial<TaskFinder>): TaskFinder {
  const openTask = async ({ name }: { name: string }) => ({ name }) as Task;
  return { taskOfFolder: async () => folder, openTask, ...parts };
}

const refusing = (error: Error) => finder({ openTask: () => Promise.reject(error) });

test('the task of the settings counts, whatever the folder says', async () => {
  const found = await findTask({ name: 'tabular-regression' }, model, finder({}));
  expect(found).toEqual({ task: { name: 'tabular-regression' }, signature, folder: '' });
  await expect(findTask(config, model, refusing(new Error('unfit')))).rejects.toThrow('unfit');
});

test('else that of the folder, with its labels where there are no others', async () => {
  const found = await findTask(undefined, model, finder({}));
  const labels = new Map([
    ['z', ['a']],
    ['y', ['own']],
  ]);
  expect(found).toEqual({ task: config, signature: { ...signature, labels }, folder: 'for texts' });
});

test('one of the folder that does not fit is said, and keeps nothing from serving', async () => {
  const found = await findTask(undefined, model, refusing(new ServiceError(404, 'no tokenizer.json')));
  expect(found).toMatchObject({ folder: 'no task: no tokenizer.json (for texts)' });
  expect(found).not.toHaveProperty('task');
  const passing = refusing(new ServiceError(503, 'cannot be read'));
  await expect(findTask(undefined, model, passing)).rejects.toMatchObject({ status: 503 });
});

test('a folder that says nothing has none', async () => {
  const nothing = finder({ taskOfFolder: async () => undefined });
  expect(await findTask(undefined, model, nothing)).toEqual({ signature, folder: '' });
});
