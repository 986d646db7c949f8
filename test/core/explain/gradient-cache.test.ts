import { expect, test } from '@jest/globals';
import { GradientCache } from '../../../src/core/explain/gradient-cache.ts';
import type { Gradients, GradientWish } from '../../../src/ports/gradients.ts';

test('gradients are shared, kept within a budget, and never let go in use', async () => {
  const opened: string[] = [];
  const released: string[] = [];
  let isBroken = true;
  const open = async ({ model }: GradientWish): Promise<Gradients> => {
    opened.push(model);
    if (model === 'broken' && isBroken) throw new Error('broken');
    return {
      version: model,
      scores: 'y',
      by: 'x',
      bytes: model === 'large' ? 100 : 4,
      run: () => Promise.reject(new Error('nobody runs it')),
      release: async () => void released.push(model),
    };
  };
  const cache = new GradientCache(open, 10);
  const wish = (model: string): GradientWish => ({ model, version: 1, output: 'y', by: { kind: 'input', name: 'x' } });
  const use = (model: string) => cache.use(wish(model), async ({ version }) => version);

  expect(await Promise.all([use('a'), use('a'), use('b')])).toEqual(['a', 'a', 'b']);
  expect([opened, released]).toEqual([['a', 'b'], []]);
  await use('a');
  await use('c');
  expect(released).toEqual(['b']);
  // Larger than the budget: others go, and then it goes itself.
  let end: () => void = () => undefined;
  const held = cache.use(wish('large'), () => new Promise<void>((resolve) => (end = resolve)));
  await use('d');
  expect(released).toEqual(['b', 'a', 'c', 'd']);
  end();
  await held;
  expect(released).toEqual(['b', 'a', 'c', 'd', 'large']);

  await expect(use('broken')).rejects.toThrow('broken');
  isBroken = false;
  expect(await use('broken')).toBe('broken');
});
