import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import { buildOnnx } from './onnx-builder.ts';

const floats = new Float32Array(8);
const model = buildOnnx({
  inputs: [{ name: 'x', datatype: 'FP32', shape: [8] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [8] }],
  nodes: [{ op: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
  initializers: [{ name: 'w', datatype: 'FP32', shape: [8], data: { location: 'weights.bin' } }],
});

/**
 * A model of external data, labels and a tokenizer, with its manifest, and keys to sign it; each test has it to itself.
 */
export class SignedRepository {
  /** Where the folder is that the repository, the keys and a cache lie in. */
  folder = '';
  readonly files: Readonly<Record<string, Uint8Array | string>> = {
    'model.onnx': model,
    'weights.bin': new Uint8Array(floats.buffer),
    'labels.txt': 'cat\ndog\n',
    'tokenizer.json': '{"model":{}}',
  };

  constructor() {
    beforeEach(async () => {
      this.folder = await mkdtemp(join(tmpdir(), 'tensorgate-signed-'));
      await this.add('pets', 1);
      for (const name of ['one', 'other']) {
        const { privateKey, publicKey } = generateKeyPairSync('ed25519');
        await writeFile(this.in(`${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
        await writeFile(this.in(`${name}.pem`), publicKey.export({ type: 'spki', format: 'pem' }));
      }
    });
    afterEach(() => rm(this.folder, { recursive: true }));
  }

  in(path: string): string {
    return join(this.folder, path);
  }

  get models(): string {
    return this.in('models');
  }

  /** A file of the version that there is at first. */
  at(file: string): string {
    return this.in(`models/pets/1/${file}`);
  }

  async add(name: string, version: number): Promise<void> {
    const entries = Object.entries(this.files).map(([file, content]) => [
      file,
      { bytes: Buffer.from(content).length, sha256: createHash('sha256').update(content).digest('hex') },
    ]);
    const manifest = JSON.stringify({ files: Object.fromEntries(entries) });
    for (const [file, content] of Object.entries({ ...this.files, 'manifest.json': manifest })) {
      const path = this.in(`models/${name}/${version}/${file}`);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
  }

  /** Changes one bit of a file, at its middle. */
  async change(file: string): Promise<void> {
    const content = await readFile(this.at(file));
    const middle = content.length >> 1;
    content[middle] = (content[middle] as number) ^ 1;
    await writeFile(this.at(file), content);
  }
}
