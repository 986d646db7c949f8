import { connect } from 'node:net';

/** What one caller saw: how many answers, and each one's milliseconds. */
interface CallerResult {
  readonly answers: number;
  readonly ms: readonly number[];
}

/**
 * Sends one request over and over from `callers` connections for `seconds`, as a process of its own:
 * node bench/load-generator.ts PORT CALLERS SECONDS, with the whole HTTP request on stdin. Prints JSON.
 */
async function main(): Promise<void> {
  const [port, callers, seconds] = process.argv.slice(2).map(Number) as [number, number, number];
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const request = Buffer.concat(chunks);
  const started = performance.now();
  const deadline = started + seconds * 1000;
  const results = await Promise.all(Array.from({ length: callers }, () => call(port, request, deadline)));
  const ms = results.flatMap((result) => result.ms).sort((a, b) => a - b);
  const means = results
    .map((result) => result.ms.reduce((sum, each) => sum + each, 0) / result.answers)
    .sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      perSecond: ms.length / ((performance.now() - started) / 1000),
      medianMs: ms[ms.length >> 1],
      spread: (means.at(-1) ?? 1) / (means[0] ?? 1),
    }),
  );
}

function call(port: number, request: Buffer, deadline: number): Promise<CallerResult> {
  return new Promise((resolve, reject) => {
    const ms: number[] = [];
    let sent = 0;
    let missing = 0;
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    const send = () => {
      sent = performance.now();
      socket.write(request);
    };
    socket.on('connect', send);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      if (missing > 0) missing -= chunk.length;
      else missing = answerLength(chunk) - chunk.length;
      if (missing > 0) return;
      const now = performance.now();
      ms.push(now - sent);
      if (now < deadline) return send();
      socket.destroy();
      resolve({ answers: ms.length, ms });
    });
  });
}

/** Bytes of the answer that `chunk` begins. Exits where it is no success: a failing server is not to be measured. */
function answerLength(chunk: Buffer): number {
  const head = chunk.indexOf('\r\n\r\n');
  const text = chunk.toString('latin1', 0, head);
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(`the server answered ${chunk.toString().slice(0, 400)}`);
  return head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1]);
}

await main();
