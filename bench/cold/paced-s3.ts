import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PacedAnswer, pace } from './paced-answer.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

// What decides the answer to a request that only reads; its signature and its date differ each time.
const deciding = ['range', 'if-match', 'x-amz-checksum-mode'];

/**
 * A process before an S3 server that answers at S3's pace: node bench/cold/paced-s3.ts PORT-OF-THE-SERVER.
 *
 * What the server answered once is kept and sent again, so that it takes nothing from the processors that are measured
 * on.
 */
async function main(): Promise<void> {
  const answers = new Map<string, Promise<Answer>>();
  const server = createServer(async (incoming, response) => {
    const due = sleep(pace.firstByteMs);
    const key = [incoming.method, incoming.url, ...deciding.map((name) => incoming.headers[name])].join(' ');
    const answer = answers.get(key) ?? forward(incoming, Number(process.argv[2]));
    answers.set(key, answer);
    try {
      const known = await answer;
      await due;
      send(known, response);
    } catch (error) {
      console.error(error);
      answers.delete(key);
      response.destroy();
    }
  });
  server.listen(0, '127.0.0.1', () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
}

function send({ status, headers, body }: Answer, response: ServerResponse): void {
  response.writeHead(status, headers);
  response.flushHeaders();
  if (response.req.method === 'HEAD' || body.length === 0) response.end();
  else new PacedAnswer(response, body);
}

function forward({ method, url, headers }: IncomingMessage, port: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path: url, headers }, async (answer) => {
      const chunks: Buffer[] = [];
      for await (const chunk of answer) chunks.push(chunk);
      const { connection: _hop, ...kept } = answer.headers;
      resolve({ status: answer.statusCode ?? 502, headers: kept, body: Buffer.concat(chunks) });
    })
      .on('error', reject)
      .end();
  });
}

await main();
