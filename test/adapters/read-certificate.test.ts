import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readCertificate } from '../../src/adapters/read-certificate.ts';
import { localhostCertificate } from '../fakes/localhost-certificate.ts';

describe('readCertificate', () => {
  let folder: string;
  let cert: string;
  let key: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-certificate-'));
    cert = join(folder, 'cert.pem');
    key = join(folder, 'key.pem');
    await writeFile(cert, localhostCertificate.cert);
    await writeFile(key, localhostCertificate.key);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('gives both as they are in their files', async () => {
    const read = await readCertificate(cert, key);
    expect([read.cert.toString(), read.key.toString()]).toEqual([localhostCertificate.cert, localhostCertificate.key]);
  });

  test('leaves the process with TLS 1.2 or later, whatever Node was started with', async () => {
    tls.DEFAULT_MIN_VERSION = 'TLSv1';
    await readCertificate(cert, key);
    expect(tls.DEFAULT_MIN_VERSION).toBe('TLSv1.2');
    tls.DEFAULT_MIN_VERSION = 'TLSv1.3';
    await readCertificate(cert, key);
    expect(tls.DEFAULT_MIN_VERSION).toBe('TLSv1.3');
    tls.DEFAULT_MIN_VERSION = 'TLSv1.2';
  });

  test('says which file cannot be used, and why', async () => {
    await expect(readCertificate(join(folder, 'none'), key)).rejects.toThrow(
      `--tls-cert: there is no file ${join(folder, 'none')}`,
    );
    await expect(readCertificate(cert, join(folder, 'none'))).rejects.toThrow(
      `--tls-key: there is no file ${join(folder, 'none')}`,
    );
    await expect(readCertificate(key, key)).rejects.toThrow(`${key} holds no certificate in PEM: `);
    await expect(readCertificate(cert, cert)).rejects.toThrow(`${cert} holds no key in PEM, or not that of ${cert}: `);
  });
});
