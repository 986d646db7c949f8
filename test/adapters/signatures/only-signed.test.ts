import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { DirectoryModelStore } from '../../../src/adapters/directory-model-store/directory-model-store.ts';
import { onlySigned } from '../../../src/adapters/signatures/only-signed.ts';
import { openSigningKey } from '../../../src/adapters/signatures/open-signing-key.ts';
import { readPublicKeys } from '../../../src/adapters/signatures/read-public-keys.ts';
import { signStored } from '../../../src/adapters/signatures/sign-stored.ts';
import type { ModelStore } from '../../../src/ports/model-store.ts';
import { SignedRepository } from '../../fakes/signed-repository.ts';

const repository = new SignedRepository();

async function sign(name = 'pets', version = 1, key = 'one'): Promise<void> {
  await signStored(repository.models, name, version, await openSigningKey(repository.in(`${key}.key`)));
}

async function open(): Promise<ModelStore> {
  const keys = await readPublicKeys(repository.in('one.pem'));
  return onlySigned(new DirectoryModelStore(repository.models), { keys, copies: repository.in('copies') });
}

/** Waits for the copies to be gone. */
async function copiesGone(): Promise<void> {
  const left = () => readdir(repository.in('copies')).catch(() => []);
  while ((await left()).length > 0) await setTimeout(5);
}

describe('a signed version', () => {
  test('is opened from a copy that what is stored can no longer change', async () => {
    await sign();
    const store = await open();
    const { path, folder, operators, release } = await store.fetch('pets', 1);
    await repository.change('model.onnx');
    await repository.change('weights.bin');
    expect(await readFile(path)).toEqual(Buffer.from(repository.files['model.onnx'] ?? ''));
    expect(await readFile(join(folder, 'weights.bin'))).toEqual(Buffer.from(repository.files['weights.bin'] ?? ''));
    expect(dirname(folder)).toBe(repository.in('copies'));
    expect(operators).toEqual(['Add']);
    release?.();
    await copiesGone();
    expect(await store.readText('pets', 1, 'labels.txt')).toBe('cat\ndog\n');
    await expect(store.readText('pets', 1, 'none.txt')).rejects.toMatchObject({ status: 404 });
  });

  test.each(['model.onnx', 'weights.bin', 'labels.txt', 'tokenizer.json', 'manifest.json'])(
    'is not, once one bit of %s was changed',
    async (file) => {
      await sign();
      await repository.change(file);
      await expect((await open()).fetch('pets', 1)).rejects.toThrow(
        /was changed after|manifest.json|is not an ONNX file/,
      );
      await copiesGone();
    },
  );

  test('is not, once a file is missing or was added', async () => {
    await sign();
    await writeFile(repository.at('more.txt'), '');
    await expect((await open()).fetch('pets', 1)).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining("'more.txt' is in its folder, and not in manifest.json"),
    });
    await rm(repository.at('more.txt'));
    await rm(repository.at('labels.txt'));
    await expect((await open()).fetch('pets', 1)).rejects.toThrow("'labels.txt' of manifest.json is missing");
  });

  test('gives no text that was changed after it was opened', async () => {
    await sign();
    const store = await open();
    (await store.fetch('pets', 1)).release?.();
    await repository.change('labels.txt');
    await expect(store.readText('pets', 1, 'labels.txt')).rejects.toThrow(
      "'labels.txt' is not what manifest.json says",
    );
  });

  test('is not another one with the same files and that signature', async () => {
    await sign();
    await repository.add('cats', 1);
    await repository.add('pets', 2);
    for (const [name, version] of [
      ['cats', 1],
      ['pets', 2],
    ] as const) {
      await writeFile(
        repository.in(`models/${name}/${version}/signature.json`),
        await readFile(repository.at('signature.json')),
      );
      await expect((await open()).fetch(name, version)).rejects.toThrow("good for model 'pets' version 1");
    }
  });

  test('is used in no prepared form, which nobody signed', async () => {
    await sign();
    const store = await open();
    await store.putPrepared('pets', 1, await store.digest('pets', 1), repository.in('models/pets/1'));
    expect(await store.fetchPrepared('pets', 1)).toMatchObject({ wasTried: true });
  });

  test('has the digest that it had before, so what was prepared of it stays', async () => {
    const store = new DirectoryModelStore(repository.models);
    const before = await store.digest('pets', 1);
    await sign();
    expect(await store.digest('pets', 1)).toBe(before);
  });
});

test('what nobody signed is refused before anything of it is read, and is served once it is signed', async () => {
  await writeFile(repository.at('model.onnx'), 'no model');
  const store = await open();
  await expect(store.fetch('pets', 1)).rejects.toMatchObject({
    status: 403,
    message: expect.stringContaining("model 'pets' version 1 is not to be trusted: it is not signed; tensorgate sign"),
  });
  await expect(store.readText('pets', 1, 'labels.txt')).rejects.toThrow('it is not signed');
  await writeFile(repository.at('model.onnx'), repository.files['model.onnx'] ?? '');
  await sign('pets', 1, 'other');
  await expect(store.fetch('pets', 1)).rejects.toThrow('no good signature of a key that counts here');
  await sign();
  (await store.fetch('pets', 1)).release?.();
});

describe('a key signs', () => {
  test('only what is what its manifest says', async () => {
    await repository.change('weights.bin');
    await expect(sign()).rejects.toThrow(
      "model 'pets' version 1 is not signed: 'weights.bin' is not what manifest.json says",
    );
    expect(await readdir(repository.in('models/pets/1'))).not.toContain('signature.json');
  });

  test('only what has a manifest', async () => {
    await rm(repository.at('manifest.json'));
    await expect(sign()).rejects.toThrow('has no manifest.json, which is what a key signs');
  });

  test('and leaves a line in the audit log', async () => {
    await sign();
    const [file] = (await readdir(repository.in('models/.audit'), { recursive: true })).filter((name) =>
      /jsonl$/.test(name),
    );
    const line = JSON.parse(await readFile(repository.in(`models/.audit/${file}`), 'utf8'));
    expect(line).toMatchObject({ action: 'sign', model: 'pets', version: 1, details: { algorithm: 'Ed25519' } });
  });

  test('unless it is none', async () => {
    await expect(openSigningKey(repository.in('one.pem'))).rejects.toThrow('holds no private key in PEM');
    await expect(openSigningKey(repository.in('none.pem'))).rejects.toThrow('the key to sign with: there is no file ');
  });
});
