import { readFile } from 'node:fs/promises';
import tls, { createSecureContext } from 'node:tls';
import { whyUnreadable } from './why-unreadable.ts';

/** A certificate with its chain, and its key, in PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * Reads a certificate and its key. Rejects with an Error that names the file that cannot be used, and why.
 *
 * From then on the process speaks TLS 1.2 or later, whatever Node was started with.
 */
export async function readCertificate(certPath: string, keyPath: string): Promise<Certificate> {
  const [cert, key] = await Promise.all([read(certPath, '--tls-cert'), read(keyPath, '--tls-key')]);
  try {
    createSecureContext({ cert });
  } catch (cause) {
    throw new Error(`${certPath} holds no certificate in PEM: ${reasonOf(cause)}`, { cause });
  }
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new Error(`${keyPath} holds no key in PEM, or not that of ${certPath}: ${reasonOf(cause)}`, { cause });
  }
  if (tls.DEFAULT_MIN_VERSION < 'TLSv1.2') tls.DEFAULT_MIN_VERSION = 'TLSv1.2';
  return { cert, key };
}

async function read(path: string, option: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`${option}: ${whyUnreadable(path, cause as Error)}`, { cause });
  }
}

function reasonOf(error: unknown): string {
  return (error as Error).message;
}
