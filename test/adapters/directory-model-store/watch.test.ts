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

test('many changes at once are one call, and none comes after the end', async () => {
  let calls = 0;
  const end = watchFolder(here.inside(), () => {
    calls += 1;
  });
  for (let i = 0; i < 20; i += 1) await here.write(here.inside(`a/1/${i}`));
  await new Promise((resolve) => setTimeout(resolve, 800));
  expect(calls).toBe(1);
  await here.write(here.inside('a/1/late'));
  end();
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(calls).toBe(1);
});

test('what is hidden at the root, where servers write, is no change', async () => {
  let calls = 0;
  const end = watchFolder(here.inside(), () => {
    calls += 1;
  });
  await here.write(here.inside('.usage/2026-11-29/host.json'));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(calls).toBe(0);
  await here.write(here.inside('a/1/x'));
  await new Promise((resolve) => setTimeout(resolve, 800));
  end();
  expect(calls).toBe(1);
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
