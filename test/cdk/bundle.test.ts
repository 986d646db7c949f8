import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';
import { bundle } from '../../cdk/constructs/bundle.ts';
import { fixtureHandler } from './synthesize.ts';

jest.setTimeout(60_000);

/** A handler that asks for what only the layer has, and for what lies beside the bundle. */
const source = `
  import { createRequire } from 'node:module';
  import koffi from 'koffi';
  export const handler = async () => ({
    koffi: koffi.isFake,
    lazy: (await import('onnxruntime-node')).isFake,
    lazyByName: await import('tokenizers').then(({ Tokenizer }) => Tokenizer.isFake),
    docs: createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'),
  });
`;

function layerOfFakes(): string {
  const folder = mkdtempSync(join(tmpdir(), 'layer-'));
  for (const name of ['koffi', 'onnxruntime-node'])
    writeFileSync(join(folder, `${name}.js`), 'module.exports = { isFake: true };');
  writeFileSync(join(folder, 'tokenizers.js'), 'module.exports = { Tokenizer: { isFake: true } };');
  return folder;
}

test('a bundle finds the packages of the layer, also lazily, and its own files', () => {
  const entry = join(mkdtempSync(join(tmpdir(), 'entry-')), 'handler.ts');
  writeFileSync(entry, source);
  // Elsewhere, as in Lambda: here, it would find this package's own node_modules.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'task-')));
  cpSync(bundle(entry), folder, { recursive: true });
  const code = `require(${JSON.stringify(folder)}).handler().then((answer) => console.log(JSON.stringify(answer)))`;
  const output = execFileSync(process.execPath, ['-e', code], {
    cwd: tmpdir(),
    env: { ...process.env, NODE_PATH: layerOfFakes() },
  });
  expect(JSON.parse(output.toString())).toEqual({
    koffi: true,
    lazy: true,
    lazyByName: true,
    docs: join(folder, 'node_modules/swagger-ui-dist/package.json'),
  });
});

test.each([
  ['provisioned-concurrency', 'ready'],
  ['on-demand', 'starting'],
])('with %s, its handler finds its models %s', (type, state) => {
  const entry = join(mkdtempSync(join(tmpdir(), 'entry-')), 'handler.ts');
  const code = `
    let state = 'starting';
    export const started = new Promise((resolve) => setImmediate(resolve)).then(() => { state = 'ready'; });
    export const handler = () => state;
  `;
  writeFileSync(entry, code);
  const script = `const { handler } = await import(${JSON.stringify(join(bundle(entry), 'provisioned.mjs'))}); console.log(handler());`;
  const env = { ...process.env, AWS_LAMBDA_INITIALIZATION_TYPE: type };
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env }).toString()).toBe(`${state}\n`);
});

test('the same handler is the same bundle, small, without source maps or native files', async () => {
  const folder = bundle(fixtureHandler);
  // As another process has it, which has built nothing yet.
  jest.resetModules();
  const { bundle: bundleAnew } = await import('../../cdk/constructs/bundle.ts');
  expect(bundleAnew).not.toBe(bundle);
  expect(bundleAnew(fixtureHandler)).toBe(folder);
  expect(readFileSync(join(folder, 'index.js'), 'utf8').length).toBeLessThan(2000);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => /\.(map|node|so)$/.test(file))).toEqual([]);
});

test('the function has nothing in it of what only a server has', () => {
  const code = readFileSync(join(bundle('functions/api.ts'), 'index.js'), 'utf8');
  expect(code).toContain('inference_stats');
  const words = [
    'nv_inference_request_success',
    'the API key is not known',
    'OTLPTraceExporter',
    'GRPCInferenceService',
    'ERR_JWKS_TIMEOUT',
  ];
  for (const word of [...words, 'InterceptingCall']) expect([word, code.includes(word)]).toEqual([word, false]);
});

test('a handler that does not compile stops the synthesis', () => {
  const entry = join(mkdtempSync(join(tmpdir(), 'entry-')), 'handler.ts');
  writeFileSync(entry, "import { nothing } from './not-there.ts'; export const handler = nothing;");
  expect(() => bundle(entry)).toThrow(/not-there/);
});
