import { promisify } from 'node:util';
import { deflate, gunzip, gzip, inflate } from 'node:zlib';
import { ServiceError } from '../../protocol/service-error.ts';

const decoders = { gzip: promisify(gunzip), 'x-gzip': promisify(gunzip), deflate: promisify(inflate) };
const encoders = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** Bodies below this are not worth compressing. */
const leastBytes = 1024;

/** Undoes `encoding`. Rejects with 415 for an unknown one, 400 for broken data, 413 past `maxBytes`. */
export async function decodeBody(
  body: Uint8Array,
  encoding: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase();
  if (!name || name === 'identity') return body;
  if (!Object.hasOwn(decoders, name)) {
    throw new ServiceError(415, `content encoding '${name.slice(0, 50)}': expected gzip, deflate or identity`);
  }
  try {
    return await decoders[name as keyof typeof decoders](body, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ServiceError(
        413,
        `the body is larger than maxDecompressedBytes, ${maxBytes} bytes, once decompressed`,
        { cause },
      );
    }
    throw new ServiceError(400, `the body is not valid ${name} data`, { cause });
  }
}

/** The encoding to answer in, by the caller's Accept-Encoding; undefined: as it is. */
export function chooseEncoding(accept: string | undefined, bytes: number): 'gzip' | 'deflate' | undefined {
  if (accept === undefined || bytes < leastBytes) return undefined;
  for (const name of ['gzip', 'deflate'] as const) {
    const token = accept
      .toLowerCase()
      .split(',')
      .find((part) => part.trim().split(';')[0] === name);
    if (token !== undefined && !/;\s*q=0(\.0*)?\s*$/.test(token)) return name;
  }
  return undefined;
}

/** Compresses `body`, off the calling thread; quickly rather than small. */
export function encodeBody(body: Uint8Array, encoding: 'gzip' | 'deflate'): Promise<Uint8Array> {
  return encoders[encoding](body, { level: 1 });
}
