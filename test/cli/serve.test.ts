import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { freePort } from '../../scripts/free-port.ts';
import { foldableModel, slowModel } from '../adapters/models.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCli } from '../fakes/run-cli.ts';
import { runCommand } from '../fakes/run-command.ts';
import { sampleModels } from '../fakes/sample-models.ts';
import { startProcess, stopProcess } from '../fakes/start-process.ts';

jest.setTimeout(60_000);

const samples = sampleModels();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-serve-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function place(version: string): Promise<void> {
  await mkdir(version, { recursive: true });
  await writeFile(join(version, 'model.onnx'), buildOnnx(foldableModel(10, 10)));
}

async function index(url: string): Promise<{ name: string; state: string; reason: string }[]> {
  const answer = await fetch(`${url}/v2/repository/index`, { method: 'POST' });
  return (await answer.json()) as { name: string; state: string; reason: string }[];
}

describe('serve', () => {
  test('ends at once and orderly on SIGTERM while models load', async () => {
    // Loading so many nodes takes far longer than the test waits.
    const model = buildOnnx(slowModel(120_000, 256));
    await mkdir(join(folder, 'slow/slow/1'), { recursive: true });
    await writeFile(join(folder, 'slow/slow/1/model.onnx'), model);
    const port = await freePort();
    const words = ['serve', '--models', join(folder, 'slow'), '--port', String(port)];
    const child = spawn(process.execPath, ['cli/tensorgate.js', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    const isLive = () =>
      fetch(`http://127.0.0.1:${port}/v2/health/live`).then(
        () => true,
        () => false,
      );
    while (!(await isLive())) await setTimeout(50);
    const started = Date.now();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    // The load, which nothing ends, takes some 17 s.
    expect(Date.now() - started).toBeLessThan(8_000);
    expect(output).toBe('');
  });

  test('serves the models that --only names, from the start', async () => {
    for (const name of ['one', 'two', 'three']) await place(join(folder, 'only', name, '1'));
    await writeFile(join(folder, 'only/one/model.json'), '{"load": "first-use"}');
    const server = await startProcess(join(folder, 'only'), '--only', 'one, two', '--log-level', 'silent');
    try {
      while (!(await fetch(`${server.url}/v2/health/ready`)).ok) await setTimeout(50);
      expect(await index(server.url)).toMatchObject([
        { name: 'one', state: 'READY' },
        { name: 'two', state: 'READY' },
      ]);
    } finally {
      await stopProcess(server);
    }
  });

  test('does not load what is to run on a GPU where there is none, unless the processor is named too', async () => {
    for (const name of ['either', 'gpu']) await place(join(folder, 'cuda', name, '1'));
    await writeFile(join(folder, 'cuda/either/model.json'), '{"executionProviders": ["cuda", "cpu"]}');
    const words = ['--execution-providers', 'cuda', '--gpu-memory', '1G', '--log-level', 'silent'];
    const server = await startProcess(join(folder, 'cuda'), ...words);
    try {
      const states = async () => (await index(server.url)).map(({ state }) => state);
      while ((await states()).some((state) => state === 'LOADING')) await setTimeout(50);
      const reason = expect.stringMatching(/^it is to run on a GPU, and CUDA cannot be used: Failed to load library/);
      expect(await index(server.url)).toMatchObject([
        { name: 'either', state: 'READY' },
        { name: 'gpu', state: 'UNAVAILABLE', reason },
      ]);
      expect((await fetch(`${server.url}/v2/health/ready`)).status).toBe(503);
    } finally {
      await stopProcess(server);
    }
  });

  test('prepares in its cache what it had to load as it was stored, and the next start uses that', async () => {
    // 9 MB, as smaller models are not worth it; its runs take next to nothing, so that they are measured alike on a
    // busy machine.
    const graph = foldableModel(3000, 10);
    const ballast = { name: 'ballast', datatype: 'FP32', shape: [2_250_000], data: new Uint8Array(9_000_000) } as const;
    await mkdir(join(folder, 'large/large/1'), { recursive: true });
    await writeFile(
      join(folder, 'large/large/1/model.onnx'),
      buildOnnx({ ...graph, initializers: [...(graph.initializers ?? []), ballast] }),
    );
    let cache = '';
    const serveUntil = async (line: RegExp, ...more: string[]) => {
      const child = spawn(
        process.execPath,
        ['cli/tensorgate.js', 'serve', '--models', join(folder, 'large'), '--port', '0', ...more],
        {
          stdio: ['ignore', 'ignore', 'pipe'],
          env: { ...process.env, TENSORGATE_CACHE: cache },
        },
      );
      const exit = once(child, 'exit');
      let log = '';
      child.stderr.on('data', (chunk) => (log += chunk));
      while (child.exitCode === null && child.signalCode === null && !line.test(log)) await setTimeout(50);
      child.kill('SIGTERM');
      expect({ exit: await exit, log }).toMatchObject({ exit: [0, null] });
      return log;
    };
    // On a busy machine the form may be measured as no better, which is kept with it.
    let log: string;
    do {
      cache = await mkdtemp(join(folder, 'cache-'));
      log = await serveUntil(/was prepared|could not|not worth/);
    } while (/its (runs take|first answer)/.test(log));
    expect(log).toMatch(/"form":"stored".*\n.*a version was prepared/);
    expect(await serveUntil(/a version serves/)).toContain('"form":"prepared"');
    expect(await serveUntil(/a version serves/, '--no-prepare')).toContain('"form":"stored"');
    expect(await readdir(join(folder, 'large/large/1'))).toEqual(['model.onnx']);
    // It is prepared at the lowest priority, which leaves it little of a busy machine.
  }, 300_000);

  test('says how to add a model to an empty repository', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'));
    const server = await startProcess(empty);
    await stopProcess(server);
    expect(server.output()).toContain(`no models in ${empty} yet; tensorgate push FILE --name NAME adds one`);
    expect(server.output()).toContain(`documentation: ${server.url}/docs`);
  });

  test.each([
    [
      'the folder of one model',
      [join(samples, 'iris')],
      "expected '1/1/model.onnx'; or does the model repository begin a folder above?",
    ],
    [
      'models that are not there',
      [samples, '--only', 'cats,dogs'],
      `no model in ${samples} is called cats or dogs; tensorgate models --models ${samples} tells of those`,
    ],
  ])('says what is wrong with %s', async (_what, [models = '', ...more], message) => {
    const server = await startProcess(models, '--log-level', 'error', ...more);
    await stopProcess(server);
    expect(server.output()).toContain(message);
  });

  test('says which port is taken, that of gRPC too, and what helps', async () => {
    const server = await startProcess(samples, '--log-level', 'error', '--grpc-port', '0');
    try {
      const grpcPort = /gRPC on 127\.0\.0\.1:(\d+)/.exec(server.output())?.[1] ?? '';
      for (const [option, port, words] of [
        ['--port', new URL(server.url).port, []],
        ['--grpc-port', grpcPort, ['--port', '0']],
      ] as const) {
        const { code, stderr } = await runCli('serve', '--models', samples, option, port, ...words);
        expect(stderr).toBe(
          `error: port ${port} of 127.0.0.1 is taken; give another with ${option}, or ${option} 0 for a free one\n`,
        );
        expect(code).toBe(1);
      }
    } finally {
      await stopProcess(server);
    }
  });

  test.each([
    [['--concurrency', '513'], 'Expected a whole number from 1 to 512.'],
    [['--memory-budget', 'much'], 'Expected bytes, such as 500M or 8G.'],
    [['--limit', 'maxTensor=1'], "Unknown limit 'maxTensor'; did you mean 'maxTensors'?"],
    [['--limit', 'speed=1'], "Unknown limit 'speed'; the limits are maxBodyBytes,"],
    [['--limit', 'maxBodyBytes=0'], 'Expected name=number, the number over 0'],
    [['--limit', 'maxBodyBytes=1T'], 'Expected name=number, the number over 0'],
    [['--tls-cert', 'cert.pem'], '--tls-cert and --tls-key go together; --tls-key is missing'],
    [['--audit-bodies', '0.5'], 'give it --audit all, too'],
    [['--grpc-api-keys', 'keys.json'], 'give it --grpc-port, too'],
    [['--cors-origin', 'app.example.com'], 'Expected an origin such as https://app.example.com, without a path, or *.'],
    [['--cors-origin', 'https://app.example.com/'], 'without a path'],
    [['--models', 'README.md'], 'expected a folder with <model>/<version>/model.onnx, and it is a file'],
    [['--models', 's3:/bucket'], "'s3:/bucket': expected s3://<bucket>/<prefix>"],
  ])('%j is an error of usage', async (words, message) => {
    const { code, stderr } = await runCommand('serve', ...words);
    expect(stderr).toContain(message);
    expect(code).toBe(64);
  });
});
