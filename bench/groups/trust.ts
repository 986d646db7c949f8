import { createHash, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactEncrypt, importJWK, type JWK } from 'jose';
import { parsePayloadKeys } from '../../src/adapters/payload-encryption/parse-payload-keys.ts';
import { PayloadEncryption } from '../../src/adapters/payload-encryption/payload-encryption.ts';
import { checkFiles } from '../../src/adapters/signatures/check-files.ts';
import { copyPrivately } from '../../src/adapters/signatures/copy-privately.ts';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';

const bytes = 100e6;
const rounds = 11;

/** What it takes to hold 100 MB against a signed manifest, and to open and answer an encrypted request. */
export async function* benchTrust(): AsyncGenerator<BenchRow> {
  const folder = mkdtempSync(join(tmpdir(), 'tensorgate-bench-trust-'));
  try {
    yield* checkRows(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const size of [1000, 1e6]) yield await payloadRow(size);
}

async function* checkRows(folder: string): AsyncGenerator<BenchRow> {
  const content = randomBytes(bytes);
  const version = join(folder, '1');
  mkdirSync(version);
  writeFileSync(join(version, 'model.onnx'), content);
  const files = new Map([['model.onnx', { bytes, sha256: createHash('sha256').update(content).digest('hex') }]]);
  const names = ['model.onnx'];
  const copyAndCheck = async () => {
    const copy = await copyPrivately(version, names, join(folder, 'copies'));
    await checkFiles(copy.folder, names, files);
    copy.release();
  };
  const [check = [], copied = [], hash = []] = await inTurns(
    rounds,
    () => milliseconds(() => checkFiles(version, names, files)),
    () => milliseconds(copyAndCheck),
    () => milliseconds(async () => createHash('sha256').update(content).digest()),
  );
  const against = 'SHA-256 of as much in memory';
  for (const [what, ours, most] of [
    ['checking 100 MB of a signed version, from a cache', check, 1.5],
    ['the same in a directory: copied, then checked', copied, 2.5],
  ] as const)
    yield {
      what,
      against,
      measured: medianRatio(ours, hash),
      unit: '×',
      target: { atMost: most },
      figures: `${median(ours).toFixed(0)} / ${median(hash).toFixed(0)} ms`,
    };
}

async function payloadRow(size: number): Promise<BenchRow> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const payloads = new PayloadEncryption(async () => parsePayloadKeys(pem, 'key'), 2 * size);
  const body = await encrypted(
    payloads,
    randomBytes(size),
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey,
  );
  const headers = { 'content-type': 'application/jose' };
  const gone = () => new AbortController().signal;
  const request = { method: 'POST', path: '/', headers, body, requestId: '', gone };
  const answer = () =>
    payloads.answer(request, async ({ body: plain }) => ({ status: 200, headers: [], body: [plain] }));
  // Enough for the code to be compiled.
  const [times = []] = await inTurns(50, () => milliseconds(answer));
  const measured = median(times.slice(10));
  return {
    what: `an encrypted request of ${size / 1000} KB, RSA 2048, and as much in its answer: added`,
    against: 'nothing',
    measured,
    unit: 'ms',
    target: { atMost: size > 1e5 ? 40 : 3 },
    figures: `${measured.toFixed(2)} ms`,
  };
}

async function encrypted(payloads: PayloadEncryption, plain: Uint8Array, reply: KeyObject): Promise<Buffer> {
  const [key] = (await payloads.keySet()).keys as readonly [JWK];
  const header = { alg: 'RSA-OAEP-256', enc: 'A256GCM', reply_jwk: reply.export({ format: 'jwk' }) };
  const jwe = new CompactEncrypt(plain).setProtectedHeader(header);
  return Buffer.from(await jwe.encrypt(await importJWK(key, header.alg)));
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
