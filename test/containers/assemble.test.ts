import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { assembleApplication } from '../../containers/inference/assemble-application.ts';
import { localhostCertificate } from '../fakes/localhost-certificate.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';

jest.setTimeout(60_000);

const scratch = mkdtempSync(join(tmpdir(), 'container-'));
afterAll(() => {
  spawnSync('chmod', ['-R', 'u+w', scratch]);
  rmSync(scratch, { recursive: true });
});

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** One digest of all that is there: names, bytes, modes, times. */
function digest(folder: string): string {
  const hash = createHash('sha256');
  for (const file of filesOf(folder)) {
    const { mode, mtimeMs } = statSync(join(folder, file));
    hash.update(JSON.stringify([file, mode, mtimeMs])).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

function write(folder: string, file: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), content);
}

/**
 * What the processes of a container see: no home, nothing of this shell, and a user that may write nowhere but in
 * `temporary`.
 */
function environment(temporary: string) {
  return { TMPDIR: temporary, TENSORGATE_CACHE: join(temporary, 'cache'), NODE_ENV: 'production' };
}

// koffi's native package is there for this machine's own platform only.
const here = process.platform === 'linux' && process.arch === 'x64' ? describe : describe.skip;

here('the application for the processor', () => {
  const app = join(scratch, 'app');
  assembleApplication(app, { target: 'cpu', architecture: 'x64' });

  test('is the same each time it is assembled', () => {
    const again = join(scratch, 'again');
    assembleApplication(again, { target: 'cpu', architecture: 'x64' });
    expect(digest(again)).toBe(digest(app));
  });

  test('holds what the server runs and nothing for other hosts, platforms or readers', () => {
    const files = filesOf(app);
    expect(
      files.filter((file) => /\.(node|dylib|dll|so[.0-9]*)$/.test(file)).map((file) => file.split('/').pop()),
    ).toEqual([
      'libvips-cpp.so.8.18.7',
      'sharp-linux-x64-0.35.5.node',
      'koffi.node',
      'libonnxruntime.so.1',
      'onnxruntime_binding.node',
      'tokenizers.linux-x64-gnu.node',
    ]);
    expect(files.filter((file) => /\.(map|d\.ts)$|^(cdk|functions|test|bench)\//.test(file))).toEqual([]);
    for (const name of [
      '@middy',
      '@aws-lambda-powertools',
      '@scarf',
      '@types',
      'aws-cdk-lib',
      'jest',
      'esbuild',
      'node',
    ])
      expect(files.filter((file) => file.startsWith(`node_modules/${name}/`))).toEqual([]);
    expect(files).toContain('node_modules/ajv/LICENSE');
    expect(files.reduce((sum, file) => sum + statSync(join(app, file)).size, 0)).toBeLessThan(110_000_000);
  });

  test('has native packages as `import` finds them', () => {
    const code = `
      const [koffi, sharp, { Tokenizer }] = await Promise.all(['koffi', 'sharp', 'tokenizers'].map((name) => import(name)));
      console.log(typeof koffi.default.load, typeof sharp.default.versions.vips, typeof Tokenizer.fromString);`;
    // Elsewhere, what is missing would be found in this package's own node_modules.
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], { cwd: app, encoding: 'utf8' });
    expect([child.stdout, child.stderr]).toEqual(['function string function\n', '']);
  });

  test('serves from a tree that nobody may write to, with no home, and answers, with health as a container asks for it', async () => {
    const temporary = join(scratch, 'temporary');
    const models = join(scratch, 'models');
    write(models, 'double/1/model.onnx', double());
    mkdirSync(temporary);
    const whole = digest(app);
    spawnSync('chmod', ['-R', 'a-w', app]);
    chmodSync(scratch, 0o755);
    chmodSync(temporary, 0o777);
    // Root may write all the same, so another user serves.
    const user = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {};
    // The folder of this checkout may be closed to that user, and so the Node within it.
    const node = join(scratch, 'node');
    cpSync(process.execPath, node);
    const words = [
      'serve',
      '--host',
      '127.0.0.1',
      '--port',
      '0',
      '--grpc-port',
      '0',
      '--engine',
      'native',
      '--models',
      models,
    ];
    const child = spawn(node, [join(app, 'cli/tensorgate.js'), ...words], {
      ...user,
      cwd: '/',
      env: environment(temporary),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const url = await new Promise<string>((resolve, reject) => {
        let output = '';
        child.stdout.on('data', (chunk) => {
          output += chunk;
          const found = /listening on (http:\S+)/.exec(output)?.[1];
          if (found) resolve(found);
        });
        child.once('error', reject).once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
      });
      while (!(await fetch(`${url}/v2/health/ready`)).ok) await new Promise((resolve) => setTimeout(resolve, 50));
      const body = JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP32', shape: [2], data: [1, 2.5] }] });
      const answer = await fetch(`${url}/v2/models/double/infer`, { method: 'POST', body });
      expect(await answer.json()).toMatchObject({ outputs: [{ name: 'y', data: [2, 5] }] });
      expect((await fetch(`${url}/docs`)).status).toBe(200);
      expect(await health(app, new URL(url).host)).toBe(0);
    } finally {
      const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
    expect(await health(app, '127.0.0.1:9')).toBe(1);
    // What is written is in the cache alone.
    spawnSync('chmod', ['-R', 'u+w', app]);
    expect(digest(app)).toBe(whole);
    expect(readdirSync(temporary)).toContain('cache');
  });
});

here('the application for CUDA', () => {
  const packages = join(scratch, 'cuda-packages');

  test('has the runtime and its provider of one build, and the libraries that these load in one folder', () => {
    const lib = 'onnxruntime/capi';
    for (const file of [`${lib}/libonnxruntime.so.1.30.0`, `${lib}/libonnxruntime_providers_cuda.so`])
      write(packages, file, `wheel ${file}`);
    for (const file of [`${lib}/libonnxruntime_providers_shared.so`, `${lib}/libonnxruntime_providers_tensorrt.so`])
      write(packages, file, `wheel ${file}`);
    for (const file of ['cu13/lib/libcublas.so.13', 'cudnn/lib/libcudnn.so.9', 'cu13/include/cuda.h'])
      write(packages, `nvidia/${file}`, file);
    const app = join(scratch, 'cuda');
    assembleApplication(app, { target: 'cuda', architecture: 'x64', cudaPackages: packages });
    const runtime = 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64';
    expect(filesOf(join(app, runtime))).toEqual([
      'libonnxruntime.so.1',
      'libonnxruntime_providers_cuda.so',
      'libonnxruntime_providers_shared.so',
      'onnxruntime_binding.node',
    ]);
    expect(readFileSync(join(app, runtime, 'libonnxruntime.so.1'), 'utf8')).toMatch(/^wheel/);
    expect(filesOf(join(app, 'cuda'))).toEqual(['libcublas.so.13', 'libcudnn.so.9']);
  });

  test('is refused where a library is missing, and leaves nothing half-made', () => {
    const target = join(scratch, 'none/app');
    const options = { target: 'cuda', architecture: 'x64' } as const;
    expect(() => assembleApplication(target, options)).toThrow('--cuda-packages');
    cpSync(packages, join(scratch, 'less'), { recursive: true });
    rmSync(join(scratch, 'less/nvidia'), { recursive: true });
    expect(() => assembleApplication(target, { ...options, cudaPackages: join(scratch, 'less') })).toThrow(
      /has no nvidia.*pip install/,
    );
    expect(readdirSync(join(scratch, 'none'))).toEqual([]);
  });

  test('asks for the version that onnxruntime-node has here', () => {
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    const wanted = readFileSync('containers/inference/cuda-requirements.txt', 'utf8');
    expect(wanted).toContain(`\nonnxruntime-gpu==${dependencies['onnxruntime-node']} --hash=sha256:`);
  });
});

describe('the image', () => {
  const dockerfile = readFileSync('containers/inference/Dockerfile', 'utf8');

  test('has the Node that the project is tested with', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(dockerfile).toContain(`\nARG NODE_IMAGE=node:${devDependencies.node}-`);
  });

  test('is for the processor that it is built for: a default of TARGETARCH would stand in place of that', () => {
    expect(dockerfile).not.toMatch(/ARG TARGETARCH=|--arch|FROM --platform/);
  });

  test('is asked whether it lives over TLS too, below the path that it was given', async () => {
    const server = createServer(localhostCertificate, ({ url }, answer) => {
      answer.writeHead(url === '/api/v2/health/live' ? 200 : 404).end();
    }).listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
      const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await health('.', `${address}/api`)).toBe(0);
      expect(await health('.', address)).toBe(1);
    } finally {
      server.close();
    }
  });

  test('of SageMaker starts by its word `serve`, which the server is not told', () => {
    const file = readFileSync('containers/inference/sagemaker.Dockerfile', 'utf8');
    const [command = '', ...words]: string[] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(file)?.[1] ?? '');
    write(scratch, 'bin/node', '#!/bin/sh\necho "$@"\n');
    chmodSync(join(scratch, 'bin/node'), 0o755);
    const env = { PATH: `${join(scratch, 'bin')}:${process.env.PATH}` };
    expect(spawnSync(command, [...words, 'serve'], { env, encoding: 'utf8' }).stdout).toBe(
      '/app/cli/tensorgate.js serve --models /opt/ml/model --host 0.0.0.0 --port 8080 --sagemaker\n',
    );
  });

  test('runs without root, and is asked whether it lives', () => {
    const server = dockerfile.slice(dockerfile.indexOf(' AS server'));
    expect(server).toContain('\nUSER 1000:1000\n');
    expect(server).toMatch(/\nHEALTHCHECK .*CMD \["node", "\/app\/containers\/inference\/health.js"\]\n/);
    // What builds it stays in other stages.
    expect(server.match(/^(RUN|COPY) .*/gm)).toEqual([
      expect.stringMatching(/^RUN rm -rf /),
      'COPY --from=cuda-application /app /app',
      'COPY --from=cpu-application /app /app',
    ]);
  });
});

async function health(app: string, address: string): Promise<number> {
  const program = join(app, 'containers/inference/health.js');
  const [code] = await once(
    spawn(process.execPath, [program], { env: { TENSORGATE_HEALTH_ADDRESS: address } }),
    'exit',
  );
  return code;
}

function double(): Uint8Array {
  return buildOnnx({
    inputs: [{ name: 'x', datatype: 'FP32', shape: ['N'] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: ['N'] }],
    nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
  });
}
