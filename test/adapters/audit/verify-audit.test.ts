import { appendFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CallChain } from '../../../src/adapters/audit/call-chain.ts';
import { chainLine } from '../../../src/adapters/audit/chain-line.ts';
import { ChangeLog } from '../../../src/adapters/audit/change-log.ts';
import { verifyAudit } from '../../../src/adapters/audit/verify-audit.ts';
import { DirectoryObjectStore } from '../../../src/adapters/directory-object-store/directory-object-store.ts';

let folder = '';
const store = () => new DirectoryObjectStore(folder);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const calls = (segment: number, day = 29) => `calls/2026-11-${day}/h/0000000${segment}.jsonl`;
const change = (number: number) => `changes/00000000000${number}.jsonl`;

/**
 * Three changes; a chain of calls in three segments: `begin` and lines 2 to 4, 5 to 7, and on the next day 8, 9 and
 * `end`.
 */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-verify-'));
  let now = new Date('2026-11-29T10:00:00Z');
  const changes = new ChangeLog(store(), () => now);
  for (const version of [1, 2, 3]) await changes.append({ action: 'push', model: 'iris', version, who: 'ann' });
  const chain = new CallChain({ store: store(), host: 'h', log, now: () => now, mostBytes: 1e6 });
  for (const segment of [1, 2, 3]) {
    if (segment === 3) now = new Date('2026-11-30T10:00:00Z');
    for (const who of segment === 3 ? ['x', 'y'] : ['x', 'y', 'z']) chain.add({ kind: 'call', who });
    if (segment < 3) await chain.flush();
  }
  await chain.end();
});
afterEach(() => rm(folder, { recursive: true }));

async function edit(key: string, change: (lines: string[]) => string[]): Promise<void> {
  const lines = (await readFile(join(folder, key), 'utf8')).trimEnd().split('\n');
  await writeFile(
    join(folder, key),
    change(lines)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

async function faults(heads: readonly string[] = [], from?: string): Promise<string[]> {
  const report = await verifyAudit(store(), { heads, from });
  return report.faults.map(({ key, line, problem }) => `${key}${line === undefined ? '' : `:${line}`} ${problem}`);
}

test('a log that is whole has its chains with their heads', async () => {
  const { chains, faults: none } = await verifyAudit(store(), { heads: [] });
  expect(none).toEqual([]);
  expect(chains).toEqual([
    expect.objectContaining({ chain: 'calls/h', lines: 10, isEnded: true, from: '2026-11-29T10:00:00.000Z' }),
    expect.objectContaining({ chain: 'changes', lines: 3, isEnded: false }),
  ]);
  const last = JSON.parse(
    await readFile(join(folder, calls(3, 30)), 'utf8').then((text) => text.trim().split('\n').at(-1) ?? ''),
  );
  expect(chains[0]?.head).toBe(last.hash);
});

describe('finds, and says which', () => {
  const damages: [string, () => Promise<unknown>, string[]][] = [
    [
      'a line with another word',
      () => edit(calls(2), ([first = '', ...rest]) => [first.replace('"who":"x"', '"who":"w"'), ...rest]),
      [`${calls(2)}:1 was changed: its hash is another`],
    ],
    [
      'a line with a member twice, of which readers see the last',
      () => edit(calls(2), ([first = '', ...rest]) => [first.replace('"who":"x"', '"who":"w","who":"x"'), ...rest]),
      [`${calls(2)}:1 was changed: its hash is another`],
    ],
    [
      'a line with a new hash of its own',
      () =>
        edit(calls(2), ([first = '', ...rest]) => {
          const { hash: _, previous, ...record } = JSON.parse(first);
          return [chainLine({ ...record, who: 'w' }, previous).line, ...rest];
        }),
      [`${calls(2)}:2 carries another hash than that of line 5: that line, or this one, was replaced`],
    ],
    [
      'a line that is cut',
      () => edit(calls(2), ([first = '', ...rest]) => [first.slice(0, 40), ...rest]),
      [`${calls(2)}:1 is no JSON: it was changed, or cut`],
    ],
    [
      'a line that is none',
      () => edit(calls(2), () => ['{}', '1', 'null']),
      [
        `${calls(2)}:1 is no line of a chain: it has no hash, previous and number`,
        `${calls(2)}:2 is no line of a chain: it has no hash, previous and number`,
        `${calls(2)}:3 is no line of a chain: it has no hash, previous and number`,
      ],
    ],
    [
      'a removed line in the middle',
      () => edit(calls(2), ([first = '', , third = '']) => [first, third]),
      [`${calls(2)}:2 is line 7 of the chain: line 6 before it was removed`],
    ],
    [
      'removed lines at the end of a segment',
      () => edit(calls(1), (lines) => lines.slice(0, 2)),
      [`${calls(2)}:1 is line 5 of the chain: lines 3 to 4 before it were removed`],
    ],
    [
      'a removed line behind one that was changed',
      () => edit(calls(2), ([first = '', , third = '']) => [first.replace('"x"', '"w"'), third]),
      [
        `${calls(2)}:1 was changed: its hash is another`,
        `${calls(2)}:2 is line 7 of the chain: line 6 before it was removed`,
      ],
    ],
    [
      'two lines that changed places',
      () => edit(calls(2), ([first = '', second = '', third = '']) => [second, first, third]),
      [
        `${calls(2)}:1 is line 6 of the chain: line 5 before it was removed`,
        `${calls(2)}:2 is line 5 of the chain, after line 6: the order was changed`,
      ],
    ],
    ['a missing segment', () => rm(join(folder, calls(2))), ['calls/<day>/h/00000002.jsonl is missing']],
    [
      'missing segments at the beginning',
      () => Promise.all([1, 2].map((segment) => rm(join(folder, calls(segment))))),
      ['calls/<day>/h/00000001.jsonl to 00000002.jsonl is missing'],
    ],
    ['a missing change', () => rm(join(folder, change(2))), [`${change(2)} is missing`]],
    [
      'changes that changed places',
      async () => {
        await rename(join(folder, change(1)), join(folder, 'x'));
        await rename(join(folder, change(2)), join(folder, change(1)));
        await rename(join(folder, 'x'), join(folder, change(2)));
      },
      [
        `${change(1)}:1 is line 2 of the chain: line 1 before it was removed`,
        `${change(2)}:1 is line 1 of the chain, after line 2: the order was changed`,
      ],
    ],
    ['an empty segment', () => writeFile(join(folder, calls(3, 30)), ''), [`${calls(3, 30)} is empty`]],
    [
      'a stranger',
      () => writeFile(join(folder, 'changes/note.txt'), ''),
      ['changes/note.txt is no object of the audit log: somebody put it there'],
    ],
    [
      'a line that was added',
      async () => {
        const text = await readFile(join(folder, calls(1)), 'utf8');
        await appendFile(join(folder, calls(1)), `${text.split('\n')[1]}\n`);
      },
      [`${calls(1)}:5 is line 2 of the chain, after line 4: the order was changed`],
    ],
  ];
  test.each(damages)('%s', async (_what, damage, expected) => {
    await damage();
    expect(await faults()).toEqual(expected);
  });
});

test('what was removed from the end is found by a head that was kept', async () => {
  const { chains } = await verifyAudit(store(), { heads: [] });
  const heads = chains.map(({ head }) => head);
  expect(await faults(heads)).toEqual([]);
  await new ChangeLog(store()).append({ action: 'push', who: 'ann' });
  expect(await faults(heads)).toEqual([]);
  await rm(join(folder, calls(3, 30)));
  expect(await faults()).toEqual([]);
  expect(await faults(heads)).toEqual([
    `- no line has the hash ${heads[0]}: the end of a chain, or all of it, was removed or written anew`,
  ]);
});

test('calls of days that were deleted as they had their time are not missed', async () => {
  await Promise.all([1, 2].map((segment) => rm(join(folder, calls(segment)))));
  expect(await faults([], '2026-11-30')).toEqual([]);
  await rm(join(folder, change(1)));
  expect(await faults([], '2026-11-30')).toEqual([`${change(1)} is missing`]);
});
