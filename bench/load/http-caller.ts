import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came of a request: its body, or a refusal for want of room. */
export interface HttpAnswer {
  readonly isRefused: boolean;
  readonly body: Buffer;
}

interface Waiting {
  resolve(answer: HttpAnswer): void;
  reject(error: Error): void;
}

const none = Buffer.alloc(0);
const headEnd = '\r\n\r\n';

/**
 * A connection that sends ready-made requests, one at a time: far cheaper than a real client, so that the
 * server is what is measured. Understands answers with a content length only.
 */
export class HttpCaller {
  readonly #socket: Socket;
  #received: Buffer = none;
  // Bytes of the answer with its head; 0: the head is not whole.
  #length = 0;
  #bodyAt = 0;
  #isRefused = false;
  #waiting: Waiting | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  static async connect(port: number): Promise<HttpCaller> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new HttpCaller(socket);
  }

  /** Resolves to the answer's body. Rejects where it is no success: a server that fails is not to be measured. */
  async send(request: Uint8Array): Promise<Buffer> {
    const { isRefused, body } = await this.ask(request);
    if (isRefused) throw new Error(`expected 200, got 503: ${body}`);
    return body;
  }

  /** Resolves to what came, which may be a refusal with 503. Rejects where it is neither that nor a success. */
  ask(request: Uint8Array): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection is closed'));
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    try {
      if (this.#length === 0) this.#readHead();
      if (this.#length === 0 || this.#received.length < this.#length) return;
      if (this.#received.length > this.#length) throw new Error('more came than the answer');
    } catch (error) {
      this.#waiting?.reject(error as Error);
      this.close();
      return;
    }
    const body = this.#received.subarray(this.#bodyAt);
    this.#received = none;
    this.#length = 0;
    this.#waiting?.resolve({ isRefused: this.#isRefused, body });
  }

  #readHead(): void {
    const end = this.#received.indexOf(headEnd);
    if (end === -1) return;
    const head = this.#received.toString('latin1', 0, end);
    const bytes = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#isRefused = head.startsWith('HTTP/1.1 503');
    if ((!this.#isRefused && !head.startsWith('HTTP/1.1 200')) || bytes === undefined) {
      throw new Error(`expected 200 or 503 and a content length, got ${this.#received.toString('latin1', 0, 500)}`);
    }
    this.#bodyAt = end + headEnd.length;
    this.#length = this.#bodyAt + Number(bytes);
  }
}
