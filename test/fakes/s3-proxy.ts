import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Stands before an S3 server: remembers what it is asked for, and does it harm. */
export class S3Proxy {
  /** Each request, such as `GET /models/iris/1/model.onnx`. */
  readonly requests: string[] = [];
  /** How long each answer is held back. */
  delayMs = 0;
  /** Connections to cut after this many bytes of an answer, one for each entry. */
  readonly cuts: number[] = [];
  readonly #target: number;
  readonly #server: Server;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((asked, answer) => void this.#pass(asked, answer));
  }

  static async before(port: number): Promise<S3Proxy> {
    const proxy = new S3Proxy(port);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What was asked for since the last call. */
  take(): readonly string[] {
    return this.requests.splice(0);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = asked;
    // For tests in other processes; no bucket has this name.
    if (url === '/_requests') return void answer.end(JSON.stringify(this.take()));
    this.requests.push(`${method} ${url}`);
    if (this.delayMs > 0) await pause(this.delayMs);
    const cut = method === 'GET' && url.endsWith('.onnx') ? this.cuts.shift() : undefined;
    const options = { port: this.#target, host: '127.0.0.1', method, path: url, headers };
    const passed = request(options, async (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      let left = cut ?? Number.POSITIVE_INFINITY;
      for await (const chunk of given as AsyncIterable<Buffer>) {
        answer.write(chunk.subarray(0, left));
        left -= chunk.length;
        if (left <= 0) return void answer.destroy();
      }
      answer.end();
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  }
}
