import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { buildLayer } from '../../layers/onnxruntime/build-layer.ts';
import { checkLayer } from '../../layers/onnxruntime/check-layer.ts';
import { libraryNeeds } from '../../layers/onnxruntime/library-needs.ts';

jest.setTimeout(60_000);

const natives = [
  'libvips-cpp.so.8.18.7',
  'sharp-linux-x64-0.35.5.node',
  'koffi.node',
  'libonnxruntime.so.1',
  'onnxruntime_binding.node',
  'tokenizers.linux-x64-gnu.node',
];

const scratch = mkdtempSync(join(tmpdir(), 'layers-'));
afterAll(() => rmSync(scratch, { recursive: true }));

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** One digest of all that ends up in the archive: names, bytes, modes, times. */
function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesOf(folder)) {
    const { mode, mtimeMs } = statSync(file);
    hash.update(JSON.stringify([file.slice(folder.length), mode, mtimeMs])).update(readFileSync(file));
  }
  return hash.digest('hex');
}

// koffi's native package is there for this machine's own platform only.
const here = process.platform === 'linux' && process.arch === 'x64' ? describe : describe.skip;

here('the layer for linux/x64', () => {
  const folder = buildLayer('x64', { cache: join(scratch, 'first') });

  test('is the same each time it is built, and built once', () => {
    const again = buildLayer('x64', { cache: join(scratch, 'second') });
    expect(digest(again)).toBe(digest(folder));
    const { ctimeMs } = statSync(folder);
    expect(buildLayer('x64', { cache: join(scratch, 'first') })).toBe(folder);
    expect(statSync(folder).ctimeMs).toBe(ctimeMs);
  });

  test('holds one platform, in 80 MB', () => {
    const files = filesOf(folder);
    expect(
      files.filter((file) => /\.(node|dylib|dll|so[.0-9]*)$/.test(file)).map((file) => file.split('/').pop()),
    ).toEqual(natives);
    expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(80_000_000);
  });

  test.each([
    ['libonnxruntime.so.1', { GLIBC: '2.28', GLIBCXX: '3.4.22' }],
    ['tokenizers.linux-x64-gnu.node', { GLIBC: '2.14', GLIBCXX: '3.4' }],
  ])('asks for no newer glibc than Lambda has: %s', (name, needs) => {
    const library = filesOf(folder).find((file) => file.endsWith(name)) ?? '';
    expect(libraryNeeds(library)).toEqual(needs);
  });

  test('is found through NODE_PATH, as in Lambda, and loads', () => {
    const code = `
      const koffi = require('koffi');
      const { dirname } = require('node:path');
      const folder = dirname(require.resolve('onnxruntime-node/package.json'));
      const library = koffi.load(folder + '/bin/napi-v6/linux/x64/libonnxruntime.so.1');
      const [, version] = koffi.decode(library.func('void *OrtGetApiBase()')(), 'void *', 2);
      const model = { type: 'WordLevel', vocab: { one: 0, two: 1 }, unk_token: 'one' };
      const tokenizer = require('tokenizers').Tokenizer.fromString(JSON.stringify({ version: '1.0', added_tokens: [], model }));
      console.log(koffi.call(version, koffi.proto('str', [])), typeof require('onnxruntime-node').InferenceSession.create, require('sharp').versions.vips, tokenizer.tokenToId('two'));`;
    const env = { ...process.env, NODE_PATH: join(folder, 'nodejs/node_modules') };
    expect(execFileSync(process.execPath, ['-e', code], { cwd: tmpdir(), env }).toString().trim()).toBe(
      '1.30.0 function 8.18.7 1',
    );
  });
});

describe('a layer is refused', () => {
  const folderWith = (name: string) => {
    const folder = join(scratch, name);
    mkdirSync(folder);
    return folder;
  };

  test('that unpacks to over 80 MB', () => {
    const folder = folderWith('large');
    writeFileSync(join(folder, 'weights'), '');
    truncateSync(join(folder, 'weights'), 80_000_001);
    expect(() => checkLayer(folder)).toThrow('The layer unpacks to 80000001 bytes, over 80000000');
  });

  test.each([
    ['GLIBC', '2.35'],
    ['GLIBCXX', '3.4.30'],
  ])('that needs %s %s', (library, version) => {
    const folder = folderWith(library);
    writeFileSync(join(folder, 'native.node'), `\0${library}_2.2.5\0${library}_${version}\0`);
    expect(() => checkLayer(folder)).toThrow(`needs ${library} ${version}; Lambda's Node 24 runtime has`);
  });
});
