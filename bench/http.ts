import { request as httpRequest } from 'node:http';
import { inferRequest } from './infer-request.ts';
import { load } from './load.ts';
import { median } from './median.ts';
import { benchModels, makeModels } from './models.ts';
import type { BenchRow } from './row.ts';
import { startChild } from './start-child.ts';

const rounds = 5;
const seconds = 2;

/** The server, side by side with a bare node:http server without a model: the tiny model, 32 callers, JSON and binary. */
export async function benchHttp(): Promise<BenchRow[]> {
  await makeModels();
  const server = await startChild(
    ['cli/main.ts', 'serve', '--models', benchModels, '--port', '0', '--log-level', 'error'],
    /listening on http:\/\/127.0.0.1:(\d+)/,
  );
  const port = Number(server.found);
  const rows: BenchRow[] = [];
  try {
    for (const form of ['json', 'binary'] as const) {
      const request = inferRequest('mlp', [1, 784], form === 'binary');
      const bare = await startChild(['bench/bare-server.ts', form], /port (\d+)/, await answer(port, request));
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        ours.push((await load(port, request, 32, seconds)).perSecond);
        theirs.push((await load(Number(bare.found), request, 32, seconds)).perSecond);
      }
      bare.child.kill();
      rows.push({
        name: `tiny model, 32 callers, ${form}`,
        against: `bare node:http ${form === 'json' ? 'with JSON.parse' : 'that does not parse'}, no model`,
        target: 0.9,
        ratio: median(ours.map((each, i) => each / (theirs[i] ?? 1))),
        detail: `${median(ours).toFixed(0)} against ${median(theirs).toFixed(0)} requests/s`,
      });
    }
    const one = await load(port, inferRequest('mlp', [1, 784], true), 1, seconds);
    rows.push({
      name: 'tiny model, one caller, binary, ms at the median',
      against: 'limit',
      target: 0.25,
      ratio: one.medianMs,
      better: 'lower',
      detail: 'the run itself included',
    });
    const heavy = await load(port, inferRequest('heavy', [8, 2048], true), 8, 6);
    rows.push({
      name: 'heavy model, 8 callers: slowest over fastest caller',
      against: 'limit',
      target: 1.5,
      ratio: heavy.spread,
      better: 'lower',
      detail: `${heavy.perSecond.toFixed(1)} requests/s`,
    });
  } finally {
    server.child.kill();
  }
  return rows;
}

/** The body that the server answers `request` with. */
function answer(port: number, request: Buffer): Promise<Buffer> {
  const head = request.indexOf('\r\n\r\n');
  const lines = request.toString('latin1', 0, head).split('\r\n');
  const headers = Object.fromEntries(lines.slice(1).map((line) => line.split(': ') as [string, string]));
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      { port, host: '127.0.0.1', method: 'POST', path: lines[0]?.split(' ')[1], headers },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk as Buffer);
        resolve(Buffer.concat(chunks));
      },
    );
    sent.on('error', reject);
    sent.end(request.subarray(head + 4));
  });
}
