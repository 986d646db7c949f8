import type { IncomingHttpHeaders } from 'node:http';

export type DigestAlgorithm = 'crc32' | 'crc32c' | 'crc64nvme' | 'sha1' | 'sha256' | 'md5';

/** What the bytes of an object must add up to. */
export interface ExpectedDigest {
  readonly algorithm: DigestAlgorithm;
  /** In base64. */
  readonly value: string;
  /** Where the digest is one of the digests of so many parts, as those of many uploads in parts are. */
  readonly parts?: number;
}

const native = ['crc32', 'sha256', 'sha1'] as const;
const foreign = ['crc32c', 'crc64nvme'] as const;

/**
 * The digest that S3 stores beside an object, from the answer to a HEAD with x-amz-checksum-mode: ENABLED.
 *
 * A ranged GET carries no checksum (S3 sends one only with a whole object or a whole part of its upload), so the
 * object's own is asked for once, beside the ranges. Those that Node computes in native code come first. An ETag is the
 * MD5 of the content, or of the MD5s of its parts, unless S3 encrypted it with a key of KMS or the caller. Where
 * nothing of these is there, length, ETag and TLS are what vouches for the bytes: undefined.
 */
export function expectedDigest(headers: IncomingHttpHeaders): ExpectedDigest | undefined {
  return storedDigest(headers, native) ?? etagDigest(headers) ?? storedDigest(headers, foreign);
}

function storedDigest(
  headers: IncomingHttpHeaders,
  algorithms: readonly DigestAlgorithm[],
): ExpectedDigest | undefined {
  for (const algorithm of algorithms) {
    const text = String(headers[`x-amz-checksum-${algorithm}`] ?? '');
    const [, value, parts] = /^([^-]+)(?:-([0-9]+))?$/.exec(text) ?? [];
    if (value) return { algorithm, value, ...(parts ? { parts: Number(parts) } : {}) };
  }
  return undefined;
}

function etagDigest(headers: IncomingHttpHeaders): ExpectedDigest | undefined {
  const encryption = String(headers['x-amz-server-side-encryption'] ?? '');
  if (encryption.startsWith('aws:kms') || headers['x-amz-server-side-encryption-customer-algorithm']) return undefined;
  const [, hex, parts] = /^"?([0-9a-f]{32})(?:-([0-9]+))?"?$/i.exec(headers.etag ?? '') ?? [];
  if (!hex) return undefined;
  return {
    algorithm: 'md5',
    value: Buffer.from(hex, 'hex').toString('base64'),
    ...(parts ? { parts: Number(parts) } : {}),
  };
}
