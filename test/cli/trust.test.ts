import { copyFile, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, jest, test } from '@jest/globals';
import { runCommand } from '../fakes/run-command.ts';
import { SignedRepository } from '../fakes/signed-repository.ts';
import { startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(60_000);

const repository = new SignedRepository();
const models = () => ['--models', repository.models];
const sign = (...words: string[]) => runCommand('sign', ...words, ...models());
const verify = (...words: string[]) => runCommand('verify', ...words, '--keys', repository.in('one.pem'), ...models());

/** The state and reason of each version, once none is loading. */
async function settled(
  url: string,
): Promise<readonly { name: string; version: string; state: string; reason: string }[]> {
  for (;;) {
    const answer = await fetch(`${url}/v2/repository/index`, { method: 'POST' });
    const index = (await answer.json()) as { name: string; version: string; state: string; reason: string }[];
    if (index.length > 0 && index.every(({ state }) => state !== 'LOADING')) return index;
    await setTimeout(20);
  }
}

describe('sign and verify', () => {
  test('tell a version as it was signed from one that was changed', async () => {
    expect((await sign('pets@1', '--key', repository.in('one.key'))).stdout).toMatch(
      /^signed model 'pets' version 1 with sha256:[0-9a-f]{64} \(Ed25519\)\n$/,
    );
    const good = await verify('pets@1');
    expect(good.stdout).toMatch(
      /^model 'pets' version 1 is signed by sha256:[0-9a-f]{64} \(Ed25519\)\nand its 4 files, /,
    );
    expect(good.code).toBe(0);
    expect(JSON.parse((await verify('pets', '--json')).stdout)).toMatchObject({
      signers: [{ algorithm: 'Ed25519' }],
      files: 4,
    });
    await repository.change('weights.bin');
    const bad = await verify('pets@1');
    expect(bad.stderr).toBe(
      "error: model 'pets' version 1 is not to be trusted: 'weights.bin' is not what manifest.json says: it was changed after the version was stored\n",
    );
    expect(bad.code).toBe(1);
  });
});

describe('push --sign', () => {
  const push = (...words: string[]) =>
    runCommand('push', repository.at('model.onnx'), '--name', 'pushed', ...models(), ...words);

  test('stores what verify finds good, also from a folder as Hugging Face has it', async () => {
    const pushed = await push('--sign', repository.in('one.key'));
    expect(pushed.stdout).toMatch(/^stored model 'pushed' version 1 .*\nsigned with sha256:[0-9a-f]{64} \(Ed25519\)\n/);
    expect((await verify('pushed')).stdout).toContain("model 'pushed' version 1 is signed by sha256:");
    expect((await runCommand('show', 'pushed@1', ...models())).stdout).toMatch(
      /^signed +by sha256:[0-9a-f]{64} \(Ed25519\), 20\S+Z; tensorgate verify checks it$/m,
    );
    expect(JSON.parse((await runCommand('show', 'pushed@1', '--json', ...models())).stdout).signatures).toEqual([
      { key: expect.stringMatching(/^sha256:[0-9a-f]{64}$/), algorithm: 'Ed25519', at: expect.any(String) },
    ]);
    const folder = repository.in('repository');
    await mkdir(join(folder, 'onnx'), { recursive: true });
    await copyFile(repository.at('model.onnx'), join(folder, 'onnx/model.onnx'));
    await copyFile(repository.at('weights.bin'), join(folder, 'onnx/weights.bin'));
    await writeFile(join(folder, 'config.json'), '{}');
    await runCommand('push', folder, '--name', 'face', ...models(), '--sign', repository.in('one.key'));
    expect((await verify('face', '--json')).stdout).toContain('"files": 3');
  });

  test('is seen by hosts signed or not at all: they serve it at once', async () => {
    await runCommand('sign', 'pets@1', '--key', repository.in('one.key'), ...models());
    const server = await startProcess(
      repository.models,
      ...['--require-signature', repository.in('one.pem'), '--watch', '--log-level', 'silent'],
    );
    try {
      await settled(server.url);
      await runCommand(
        'push',
        repository.at('model.onnx'),
        '--name',
        'pets',
        '--sign',
        repository.in('one.key'),
        ...models(),
      );
      for (let index = await settled(server.url); ; index = await settled(server.url)) {
        expect(index.filter(({ state }) => state === 'UNAVAILABLE')).toEqual([]);
        if (index.some(({ version, state }) => version === '2' && state === 'READY')) return;
        await setTimeout(20);
      }
    } finally {
      await stopProcess(server);
    }
  });

  test('stores nothing with a key that is none', async () => {
    const { stderr } = await push('--sign', repository.in('one.pem'));
    expect(stderr).toContain('holds no private key in PEM');
    expect(await readdir(repository.models)).toEqual(['pets']);
  });
});

describe('commands with --require-signature', () => {
  test.each([
    ['infer', ['--input', 'x=[1,2,3,4,5,6,7,8]']],
    ['batch', ['rows.jsonl', '-o', 'results']],
    ['tune', ['--p99-ms', '1000', '--seconds', '1', '--dry-run']],
  ])('%s loads what is signed, and nothing else', async (command, words) => {
    await writeFile(repository.in('rows.jsonl'), '{"x": [1, 2, 3, 4, 5, 6, 7, 8]}\n');
    const inside = words.map((word) => (/^r/.test(word) ? repository.in(word) : word));
    const run = (keys: string) =>
      runCommand(command, 'pets@1', ...inside, '--require-signature', repository.in(keys), ...models());
    const unsigned = await run('one.pem');
    expect(unsigned.stderr).toMatch(/model 'pets' version 1 .*is not to be trusted: it is not signed/);
    await sign('pets@1', '--key', repository.in('one.key'));
    expect((await run('one.pem')).code).toBe(0);
    expect((await run('other.pem')).stderr).toContain('signature.json has no good signature of a key that counts here');
    await repository.change('weights.bin');
    const changed = await run('one.pem');
    expect([changed.code, changed.stderr]).toEqual([1, expect.stringContaining("'weights.bin' is not what manifest")]);
  });
});

test('canary --require-signature refuses what hosts that are set so would not load', async () => {
  await repository.add('pets', 2);
  await runCommand('alias', 'pets', 'production=1', ...models());
  const canary = () =>
    runCommand(
      ...['canary', 'pets@2', '--percent', '5', ...models()],
      ...['--require-signature', repository.in('one.pem')],
    );
  const refused = [2, expect.stringContaining('it is not signed')];
  const withNeither = await canary();
  expect([withNeither.code, withNeither.stderr]).toEqual(refused);
  await sign('pets@1', '--key', repository.in('one.key'));
  const withStable = await canary();
  expect([withStable.code, withStable.stderr]).toEqual(refused);
  await sign('pets@2', '--key', repository.in('one.key'));
  expect((await canary()).code).toBe(0);
});

describe('serve --require-signature', () => {
  test('loads what is signed, and says of the rest why not', async () => {
    await repository.add('cats', 1);
    await repository.add('dogs', 1);
    for (const name of ['pets', 'cats'])
      await runCommand('sign', `${name}@1`, '--key', repository.in('one.key'), ...models());
    await writeFile(repository.in('models/cats/1/labels.txt'), 'dog\ncat\n');
    // A folder of keys.
    await rename(repository.in('other.pem'), repository.in('models/other.pem'));
    const server = await startProcess(
      repository.models,
      '--require-signature',
      repository.folder,
      '--log-level',
      'silent',
    );
    try {
      expect(await settled(server.url)).toMatchObject([
        {
          name: 'cats',
          state: 'UNAVAILABLE',
          reason: expect.stringContaining("it is not to be trusted: 'labels.txt' is not"),
        },
        {
          name: 'dogs',
          state: 'UNAVAILABLE',
          reason: expect.stringContaining('it is not to be trusted: it is not signed'),
        },
        { name: 'pets', state: 'READY', reason: '' },
      ]);
      const answer = await fetch(`${server.url}/v2/models/pets/infer`, {
        method: 'POST',
        body: '{"inputs":[{"name":"x","datatype":"FP32","shape":[8],"data":[1,2,3,4,5,6,7,8]}]}',
      });
      expect(await answer.json()).toMatchObject({ outputs: [{ data: [1, 2, 3, 4, 5, 6, 7, 8] }] });
    } finally {
      await stopProcess(server);
    }
  });

  test.each([
    [['--require-signature', 'none.pem'], 'the keys of signatures: there is no file none.pem'],
    [['--require-signature', 'models', '--sagemaker'], 'which nobody signed: leave out --require-signature'],
  ])('does not start with %j', async (words, message) => {
    const { stderr, code } = await runCommand('serve', ...models(), '--port', '0', ...words);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });
});
