import { connect } from 'node:net';

const warmUpPart = 0.2;

/**
 * Sends one request over and over from `callers` connections for `seconds`, as a process of its own:
 * node bench/load-generator.ts PORT CALLERS SECONDS [EVERY_MS], with the whole HTTP request on stdin. Prints JSON.
 */
async function main(): Promise<void> {
  const [port, callers, seconds, everyMs = 0] = process.argv.slice(2).map(Number) as [number, number, number, number?];
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const request = Buffer.concat(chunks);
  const started = performance.now();
  const deadline = started + seconds * 1000;
  // The load goes on at both ends of what is measured, so that no run is counted in part.
  const from = started + seconds * 1000 * warmUpPart;
  const results = await Promise.all(
    Array.from({ length: callers }, () => call(port, request, from, deadline, everyMs)),
  );
  const ms = results.flat().sort((a, b) => a - b);
  const means = results
    .map((each) => each.reduce((sum, value) => sum + value, 0) / each.length)
    .sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      perSecond: ms.length / ((deadline - from) / 1000),
      medianMs: ms[ms.length >> 1],
      p99Ms: ms[Math.floor(ms.length * 0.99)],
      spread: (means.at(-1) ?? 1) / (means[0] ?? 1),
    }),
  );
}

/** The milliseconds of one caller's answers that came between `from` and `deadline`. */
function call(port: number, request: Buffer, from: number, deadline: number, everyMs: number): Promise<number[]> {
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
      if (now >= from && now < deadline) ms.push(now - sent);
      if (now < deadline) {
        if (everyMs > now - sent) setTimeout(send, everyMs - (now - sent));
        else send();
        return;
      }
      socket.destroy();
      resolve(ms);
    });
  });
}

/** Bytes of the answer that `chunk` begins. Throws where it is no success: a failing server is not to be measured. */
function answerLength(chunk: Buffer): number {
  const head = chunk.indexOf('\r\n\r\n');
  const text = chunk.toString('latin1', 0, head);
  if (!text.startsWith('HTTP/1.1 200')) throw new Error(`the server answered ${chunk.toString().slice(0, 400)}`);
  return head + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1]);
}

await main();
