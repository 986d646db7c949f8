import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

interface Waiting {
  resolve(message: Buffer): void;
  reject(error: Error): void;
}

const none = Buffer.alloc(0);
const frameHeadBytes = 9;
const messageHeadBytes = 5;
const frames = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, goAway: 7 };
const endStream = 1;
const acknowledges = 1;
/** What a server takes before it says that it takes more. */
const mostBytes = 65_535 - messageHeadBytes;
const mostFrameBytes = 16_384;

/**
 * A connection that calls ModelInfer with a ready-made message, one at a time: far cheaper than a real client, so that
 * the server is what is measured. Source: RFC 9113; gRPC over HTTP/2.
 */
export class GrpcCaller {
  readonly #socket: Socket;
  #stream = -1;
  #received: Buffer = none;
  #message: Buffer[] = [];
  #waiting: Waiting | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
  }

  static async connect(port: number): Promise<GrpcCaller> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    // So many bytes may come that the server never waits for more room.
    const window = Buffer.alloc(4);
    window.writeUInt32BE(2 ** 31 - 1 - 65_535);
    const settings = Buffer.from([0, 4, 0x7f, 0xff, 0xff, 0xff]);
    socket.write(
      Buffer.concat([
        Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
        frame(frames.settings, 0, 0, settings),
        frame(8, 0, 0, window),
      ]),
    );
    return new GrpcCaller(socket);
  }

  /** Resolves to the answer's message. Rejects where there is none: a server that fails is not to be measured. */
  send(message: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the connection is closed'));
      if (message.length > mostBytes) return reject(new Error(`the message is larger than ${mostBytes} bytes`));
      this.#waiting = { resolve, reject };
      this.#stream += 2;
      this.#socket.write(requestFrames(this.#stream, message));
    });
  }

  close(): void {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
    let at = 0;
    while (this.#received.length >= at + frameHeadBytes) {
      const end = at + frameHeadBytes + this.#received.readUIntBE(at, 3);
      if (this.#received.length < end) break;
      const [type = 0, flags = 0] = this.#received.subarray(at + 3, at + 5);
      this.#take(type, flags, this.#received.subarray(at + frameHeadBytes, end));
      at = end;
    }
    this.#received = this.#received.subarray(at);
  }

  #take(type: number, flags: number, payload: Buffer): void {
    if (type === frames.data) this.#message.push(payload);
    else if (type === frames.settings && flags !== acknowledges)
      this.#socket.write(frame(frames.settings, acknowledges, 0, none));
    else if (type === frames.ping && flags !== acknowledges)
      this.#socket.write(frame(frames.ping, acknowledges, 0, payload));
    else if (type === frames.reset || type === frames.goAway) this.#fail('the server ended the stream');
    if ((type === frames.data || type === frames.headers) && (flags & endStream) !== 0) this.#answered();
  }

  #answered(): void {
    const message = this.#message.length === 1 ? (this.#message[0] as Buffer) : Buffer.concat(this.#message);
    this.#message = [];
    // A failure has trailers alone.
    if (message.length < messageHeadBytes) this.#fail('the server answered without a message');
    else this.#waiting?.resolve(message.subarray(messageHeadBytes));
  }

  #fail(reason: string): void {
    this.#waiting?.reject(new Error(reason));
    this.close();
  }
}

function frame(type: number, flags: number, stream: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.alloc(frameHeadBytes + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  bytes.set(payload, frameHeadBytes);
  return bytes;
}

/**
 * The headers of a call, none of which the server has to remember. Source: RFC 7541, "Literal Header Field without
 * Indexing".
 */
const headers = Buffer.concat([
  // :method POST, :scheme http
  Buffer.from([0x83, 0x86]),
  literal(Buffer.from([0x04]), '/inference.GRPCInferenceService/ModelInfer'),
  literal(Buffer.from([0x01]), 'localhost'),
  // content-type
  literal(Buffer.from([0x0f, 0x10]), 'application/grpc'),
  literal(Buffer.from([0x00, 2, ...Buffer.from('te')]), 'trailers'),
]);

function literal(name: Buffer, value: string): Buffer {
  return Buffer.concat([name, Buffer.from([value.length]), Buffer.from(value)]);
}

function requestFrames(stream: number, message: Uint8Array): Buffer {
  const head = Buffer.alloc(messageHeadBytes);
  head.writeUInt32BE(message.length, 1);
  const content = Buffer.concat([head, message]);
  const parts = [frame(frames.headers, 4, stream, headers)];
  for (let at = 0; at < content.length; at += mostFrameBytes) {
    const isLast = at + mostFrameBytes >= content.length;
    parts.push(frame(frames.data, isLast ? endStream : 0, stream, content.subarray(at, at + mostFrameBytes)));
  }
  return Buffer.concat(parts);
}
