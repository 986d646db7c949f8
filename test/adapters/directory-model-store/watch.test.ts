import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { watchFolder } from '../../../src/adapters/directory-model-store/watch-folder.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';
import { TemporaryStore } from './temporary-store.ts';

const here = new TemporaryStore();
const model = buildOnnx({ inputs: [], outputs: [], nodes: [] });

/** Resolves once `start`'s callback was called; what `start` gives ends the watch. */
async function called(start: (changed: () => void) => () => void, act?: () => Promise<unknown>): Promise<void> {
  let end = () => {};
  const change = new Promise<void>((resolve) => {
    end = start(resolve);
  });
  await act?.();
  await change.finally(end);
}

// The callbacks below come from the events alone: the poll would be long after the test gave up.
const anHour = 3_600_000;

test('watch sees a version that is put, also of a model that is new', async () => {
  const file = await here.write(here.outside('model.onnx'), model);
  for (const version of [1, 2]) {
    await called(
      (changed) => watchFolder(here.inside(), changed, anHour),
      () => here.store.put('a', version, new Map([['model.onnx', file]])),
    );
    expect((await here.store.find('a'))?.versions).toContain(version);
  }
});

test('watch sees a changed alias', async () => {
  await here.write(here.inside('a/1/model.onnx'), model);
  await called(
    (changed) => watchFolder(here.inside(), changed, anHour),
    () => here.write(here.inside('a/aliases.json'), '{"production": 1}'),
  );
});

/** Watches a folder, and counts the calls. */
function counted(folder: string): { calls: number; readonly end: () => void } {
  const watched = {
    calls: 0,
    end: watchFolder(folder, () => {
      watched.calls += 1;
    }),
  };
  return watched;
}

test('many changes at once are one call, what is hidden at the root, where servers write, none; and none comes after the end', async () => {
  for (const folder of ['busy', 'written', 'ended']) await here.write(here.inside(`${folder}/model.json`));
  const [busy, written, ended] = ['busy', 'written', 'ended'].map((folder) => counted(here.inside(folder)));
  for (let i = 0; i < 20; i += 1) await here.write(here.inside(`busy/a/1/${i}`));
  await here.write(here.inside('written/.usage/2026-11-29/host.json'));
  await here.write(here.inside('ended/a/1/late'));
  ended?.end();
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect([busy, written, ended].map((each) => each?.calls)).toEqual([1, 0, 0]);
  await here.write(here.inside('written/a/1/x'));
  await new Promise((resolve) => setTimeout(resolve, 800));
  for (const each of [busy, written]) each?.end();
  expect([busy, written].map((each) => each?.calls)).toEqual([1, 1]);
});

test('a folder that reports no events is polled', async () => {
  await called((changed) => watchFolder(here.inside('none'), changed, 20));
});

test('a watch keeps no process alive', async () => {
  const module = pathToFileURL('src/adapters/directory-model-store/directory-model-store.ts').href;
  await here.write(here.inside('a/1/model.onnx'), model);
  const script = `import { DirectoryModelStore } from ${JSON.stringify(module)};
    new DirectoryModelStore(process.argv[1]).watch(() => {});`;
  execFileSync(process.execPath, ['--input-type=module', '-e', script, here.inside()], { timeout: 20_000 });
});
