import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { freePort } from '../../scripts/free-port.ts';
import { endlessModel, identityModel, slowModel } from '../adapters/models.ts';
import { lettersModel } from '../fakes/letters-model.ts';
import { buildOnnx } from '../fakes/onnx-builder.ts';
import { runCli } from '../fakes/run-cli.ts';
import { startCli } from '../fakes/start-cli.ts';
import { type StartedServer, startProcess } from '../fakes/start-process.ts';

jest.setTimeout(60_000);

interface Answer {
  readonly status: number | undefined;
  readonly outputs: readonly { readonly data: readonly number[] }[];
}

function infer(url: string, model: string, input: object, agent?: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${url}/v2/models/${model}/infer`,
      { method: 'POST', ...(agent && { agent }) },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, ...JSON.parse(text) }));
        response.on('error', reject);
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify({ inputs: [input] }));
  });
}

/** Waits until the server has taken on a request beside the one that asks: one that does not end. */
async function untilUnderWay({ url }: StartedServer): Promise<void> {
  const inHand = async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^tensorgate_requests_in_hand (\d+)$/m.exec(metrics)?.[1]);
  };
  while ((await inHand()) !== 2) await setTimeout(20);
}

const x = (value: number) => ({ name: 'x', datatype: 'FP32', shape: [1], data: [value] });
const n = (times: number) => ({ name: 'n', datatype: 'INT64', shape: [], data: [times] });
// A few hundred milliseconds of work, longer where others want the processors too.
const long = n(20_000);

describe('SIGTERM', () => {
  let folder: string;
  const put = async (repository: string, name: string, model: Uint8Array) => {
    await mkdir(join(folder, repository, name, '1'), { recursive: true });
    await writeFile(join(folder, repository, name, '1/model.onnx'), model);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tensorgate-drain-'));
    await put('busy', 'identity', buildOnnx(identityModel('FP32')));
    await put('busy', 'loop', buildOnnx(endlessModel()));
    await put('loading', 'a-loop', buildOnnx(endlessModel()));
    await put('loading', 'b-slow', buildOnnx(slowModel(40_000, 256)));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function endUnderLoad(how: string, agent: Agent): Promise<void> {
    const words = ['--log-level', 'error', '--no-prepare', '--grace-seconds', '40'];
    const server = await startProcess(join(folder, 'busy'), ...words);
    const lost: unknown[] = [];
    const wrong: unknown[] = [];
    let answered = 0;
    let answeredOnceAsked = 0;
    let isAsked = false;
    let isOver = false;
    const call = async (model: string, input: object, isRight: (answer: Answer) => boolean) => {
      try {
        const answer = await infer(server.url, model, input, agent);
        answered += 1;
        if (isAsked) answeredOnceAsked += 1;
        if (answer.status !== 200 || !isRight(answer)) wrong.push(answer);
      } catch (error) {
        // What was refused was not taken on.
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') isOver = true;
        else lost.push(error);
      }
    };
    const short = async (caller: number) => {
      for (let count = 0; !isOver; count += 1) {
        const value = caller * 10_000 + count;
        await call('identity', x(value), ({ outputs }) => outputs[0]?.data[0] === value);
      }
    };
    const slow = async () => {
      while (!isOver) await call('loop', long, ({ outputs }) => outputs.length === 1);
    };
    const callers = [...Array.from({ length: 24 }, (_, caller) => short(caller)), slow(), slow(), slow(), slow()];
    while (answered < 100) await setTimeout(20);
    isAsked = true;
    server.process.kill('SIGTERM');
    const [code] = await server.ended;
    await Promise.all(callers);
    agent.destroy();
    expect({ how, code, lost, wrong }).toEqual({ how, code: 0, lost: [], wrong: [] });
    expect(answeredOnceAsked).toBeGreaterThan(10);
    expect(answered).toBeGreaterThan(answeredOnceAsked);
  }

  // At once, as callers that never pause keep each server for as long as they may.
  test('under load, with connections kept alive or of one request each, no request is lost or answered with the answer to another', async () => {
    await Promise.all([
      endUnderLoad('kept alive', new Agent({ keepAlive: true })),
      endUnderLoad('of one request each', new Agent({ keepAlive: false })),
    ]);
  });

  test('while other models load, requests under way are answered first', async () => {
    // It says where it listens only once they have loaded.
    const port = await freePort();
    const words = ['serve', '--models', join(folder, 'loading'), '--port', String(port), '--no-prepare'];
    const server = startCli(process.env, ...words);
    const url = `http://127.0.0.1:${port}`;
    const statusOf = (model: string) =>
      fetch(`${url}/v2/models/${model}/ready`).then(
        ({ status }) => status,
        () => undefined,
      );
    while ((await statusOf('a-loop')) !== 200) {
      if (server.process.exitCode !== null) throw new Error(server.stderr());
      await setTimeout(20);
    }
    expect(await statusOf('b-slow')).toBe(503);
    const underWay = infer(url, 'a-loop', long);
    // One that comes later still, while the server says that it is not ready, is answered as well.
    await setTimeout(100);
    server.process.kill('SIGTERM');
    expect((await underWay).status).toBe(200);
    expect((await server.ended).code).toBe(0);
  });

  test('said twice ends a server at once, which writes down what it has counted, and says what it has not', async () => {
    const models = join(folder, 'busy');
    const server = await startProcess(models, '--usage', 'always', '--grace-seconds', '60');
    expect((await infer(server.url, 'loop', n(1))).status).toBe(200);
    const underWay = infer(server.url, 'loop', n(1e12)).catch(({ code }) => code);
    await untilUnderWay(server);
    server.process.kill('SIGTERM');
    while (!server.errors().includes('stopping')) await setTimeout(20);
    server.process.kill('SIGTERM');
    expect([await server.ended, await underWay]).toEqual([[1, null], 'ECONNRESET']);
    expect(server.errors()).toMatch(/"requests":1,.*told to end once more: requests under way are cut/);
    const usage = await runCli('usage', '--models', models, '--json');
    const answered = expect.objectContaining({ model: 'loop', requests: 1, failed: 0 });
    expect(JSON.parse(usage.stdout).usage).toContainEqual(answered);
  });

  test('a run that takes longer than it may is cut, its caller and the log are told, and the server ends', async () => {
    const server = await startProcess(join(folder, 'busy'), '--log-level', 'warn', '--grace-seconds', '10');
    const underWay = infer(server.url, 'loop', n(1e12));
    await untilUnderWay(server);
    server.process.kill('SIGTERM');
    expect(await underWay).toEqual({
      status: 503,
      error: 'the server ended before it had answered the request; send it again',
    });
    expect(await server.ended).toEqual([0, null]);
    expect(server.errors()).toMatch(/"requests":1,.*the time to end is over: requests under way are cut/);
  });
});

describe('SIGTERM while an answer streams', () => {
  test.each([
    ['lets it end within the grace', '50', 4000, /\[DONE\]/, true],
    [
      'cuts it at the end of the grace, and says so',
      '0',
      // More than there is time for.
      1_000_000,
      /{"error":{"message":"the server ended before [^\n]+\n\n$/,
      false,
    ],
  ])('%s', async (_, grace, tokens, ending, isWhole) => {
    const folder = await mkdtemp(join(tmpdir(), 'tensorgate-stream-'));
    await mkdir(join(folder, 'letters/1'), { recursive: true });
    await writeFile(join(folder, 'letters/model.json'), '{"task": "text-generation"}');
    for (const [name, content] of lettersModel) await writeFile(join(folder, 'letters/1', name), content);
    const config = { max_position_embeddings: 2_000_000, eos_token_id: 1 };
    await writeFile(join(folder, 'letters/1/config.json'), JSON.stringify(config));
    const server = await startProcess(folder, '--log-level', 'error', '--no-prepare', '--grace-seconds', grace);
    const body = JSON.stringify({ model: 'letters', prompt: '!', max_tokens: tokens, temperature: 0, stream: true });
    const response = await fetch(`${server.url}/v1/completions`, { method: 'POST', body });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let text = decoder.decode((await reader.read()).value);
    server.process.kill('SIGTERM');
    for (let next = await reader.read(); !next.done; next = await reader.read()) text += decoder.decode(next.value);
    expect(text).toMatch(ending);
    expect(Number(text.match(/"text":"!"/g)?.length) > tokens * 0.9).toBe(isWhole);
    expect(await server.ended).toEqual([0, null]);
    await rm(folder, { recursive: true });
  });
});
