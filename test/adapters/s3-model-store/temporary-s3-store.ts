import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { S3Client, type S3ClientOptions } from '../../../src/adapters/s3-model-store/s3-client.ts';
import { S3ModelStore, type S3ModelStoreOptions } from '../../../src/adapters/s3-model-store/s3-model-store.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeS3 } from '../../fakes/fake-s3.ts';
import { buildOnnx } from '../../fakes/onnx-builder.ts';

/** A store on a fake S3, with a cache in a temporary folder; each test has both to itself. */
export class TemporaryS3Store {
  readonly s3 = new FakeS3();
  clock = new FakeClock();
  folder = '';
  #store: S3ModelStore | undefined;

  constructor() {
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'tensorgate-s3-'));
      this.clock = new FakeClock();
      this.#store = undefined;
    });
    afterEach(() => rm(this.folder, { recursive: true, force: true }));
  }

  get store(): S3ModelStore {
    this.#store ??= this.open();
    return this.#store;
  }

  /** Another store on the same bucket and cache, as another process has it. */
  open(more: Partial<S3ModelStoreOptions> = {}, client: Partial<S3ClientOptions> = {}): S3ModelStore {
    const options = {
      cacheFolder: this.inCache(),
      cacheBytes: 2 ** 30,
      refreshMs: 30_000,
      requestsAtOnce: 12,
      ...more,
    };
    return new S3ModelStore(this.client(client), { bucket: 'models', prefix: 'root/' }, this.clock, options);
  }

  client(more: Partial<S3ClientOptions> = {}): S3Client {
    const retries = { attempts: 4, firstPauseMs: 1, longestPauseMs: 5 };
    return new S3Client('models', { retries, silenceMs: 5000, environment: this.s3.environment, ...more });
  }

  inCache(path = ''): string {
    return join(this.folder, 'cache', path);
  }

  /** What lies in the cache, hidden names too. */
  async cached(): Promise<readonly string[]> {
    return (await readdir(this.inCache()).catch(() => [])).sort();
  }

  /** Writes a file beside the cache; the path comes back. */
  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }
}

/** An ONNX file with so many bytes of weights, which `seed` makes differ. */
export function modelOf(bytes: number, seed = 1): Uint8Array {
  const pattern = Uint8Array.from({ length: 251 }, (_byte, index) => (index * seed) % 251);
  const data = new Uint8Array(Buffer.alloc(bytes, pattern));
  return buildOnnx({
    inputs: [],
    outputs: [],
    nodes: [],
    initializers: [{ name: 'w', datatype: 'UINT8', shape: [bytes], data }],
  });
}
