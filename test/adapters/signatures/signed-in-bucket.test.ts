import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { fingerprintOf } from '../../../src/adapters/signatures/fingerprint-of.ts';
import { onlySigned } from '../../../src/adapters/signatures/only-signed.ts';
import { signVersion } from '../../../src/adapters/signatures/sign-version.ts';
import { statementOf } from '../../../src/adapters/signatures/statement.ts';
import { modelOf, TemporaryS3Store } from '../s3-model-store/temporary-s3-store.ts';

const here = new TemporaryS3Store();
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const keys = new Map([[fingerprintOf(publicKey), publicKey]]);
const model = modelOf(100);
const manifest = JSON.stringify({
  files: { 'model.onnx': { bytes: model.length, sha256: createHash('sha256').update(model).digest('hex') } },
});

async function signature(): Promise<string> {
  const bytes = async (message: Uint8Array) => sign(null, message, privateKey);
  const key = { fingerprint: fingerprintOf(publicKey), algorithm: 'Ed25519', sign: bytes } as const;
  return JSON.stringify(await signVersion(statementOf('a', 1, manifest), key));
}

test('a version of a bucket is opened from the cache once it is signed, and not where its objects were changed', async () => {
  here.s3.put('root/a/1/model.onnx', Buffer.from(model));
  here.s3.put('root/a/1/manifest.json', manifest);
  const digest = await here.store.digest('a', 1);
  await expect(onlySigned(here.store, { keys, copies: undefined }).fetch('a', 1)).rejects.toThrow('it is not signed');
  expect(here.s3.count('GET', /model.onnx/)).toBe(0);

  (await here.store.fetch('a', 1)).release?.();
  const downloads = here.s3.count('GET', /model.onnx/);
  here.s3.put('root/a/1/signature.json', await signature());
  const store = here.open();
  const { path, release } = await onlySigned(store, { keys, copies: undefined }).fetch('a', 1);
  expect(path.startsWith(here.inCache())).toBe(true);
  release?.();
  // What was downloaded unsigned is what was signed.
  expect(here.s3.count('GET', /model.onnx/)).toBe(downloads);
  expect(await store.digest('a', 1)).toBe(digest);

  const changed = Buffer.from(model);
  changed[changed.length - 20] = 7;
  here.s3.put('root/a/1/model.onnx', changed);
  await expect(onlySigned(here.open(), { keys, copies: undefined }).fetch('a', 1)).rejects.toThrow(
    "'model.onnx' is not what manifest.json says",
  );
});
