import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const module = resolve('src/adapters/batch/keep-heap-small.ts');

test('what is dead of the old heap is collected once that has grown by some megabytes, and not before', () => {
  // In a process of its own: its flags are V8's.
  const code = `
    import { PerformanceObserver, constants } from 'node:perf_hooks';
    import { setImmediate } from 'node:timers/promises';
    import { keepHeapSmall } from ${JSON.stringify(module)};
    const collect = keepHeapSmall();
    let collections = 0;
    new PerformanceObserver((list) => {
      for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR && detail.flags & constants.NODE_PERFORMANCE_GC_FLAGS_FORCED) collections += 1;
    }).observe({ entryTypes: ['gc'] });
    for (let call = 0; call < 100; call += 1) collect();
    await setImmediate();
    const before = collections;
    // Lives through collections of the young heap, and is dead then.
    for (let round = 0; round < 20; round += 1) {
      const kept = [];
      for (let index = 0; index < 200_000; index += 1) kept.push({ index });
      collect();
      await setImmediate();
    }
    console.log(before, collections > 0);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
  expect([stdout.trim(), stderr]).toEqual(['0 true', '']);
}, 60_000);
