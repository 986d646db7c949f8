import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { DigestAlgorithm } from './expected-digest.ts';

/** A digest in the making. */
export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Promise<Uint8Array> | Uint8Array;
}

/** Starts a digest. Those that Node does not have come from the AWS SDK, loaded when they are needed. */
export async function openDigest(algorithm: DigestAlgorithm): Promise<Digest> {
  if (algorithm === 'crc32') return new Crc32();
  if (algorithm !== 'crc32c' && algorithm !== 'crc64nvme') return createHash(algorithm);
  const { Crc32c, Crc64Nvme } = await import('@aws-sdk/checksums/crc');
  return algorithm === 'crc32c' ? new Crc32c() : new Crc64Nvme();
}

class Crc32 implements Digest {
  #checksum = 0;

  update(bytes: Uint8Array): void {
    this.#checksum = crc32(bytes, this.#checksum);
  }

  digest(): Uint8Array {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(this.#checksum);
    return bytes;
  }
}
