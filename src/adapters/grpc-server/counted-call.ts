import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { type Metadata, ServerInterceptingCall, type ServerInterceptingCallInterface } from '@grpc/grpc-js';
import { statusOf } from '../../grpc/status-of.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { RequestsInHand } from '../requests-in-hand.ts';
import { ReceivedMessage } from './received-message.ts';
import { widenWindows } from './widen-windows.ts';

/** Whether it is compressed, and its length. */
const headBytes = 5;
/** How long all of a message may take to arrive, as a request may over HTTP. */
const longestArrivalMs = 300_000;

/** What grpc-js's call has beside its interface: 1.14.7, `BaseServerInterceptingCall`. */
interface InnerCall {
  readonly stream: ServerHttp2Stream;
  readonly incomingEncoding: string;
  /**
   * Undoes the compression of a message, the five bytes before it included. Rejects with the status to end the call
   * with.
   */
  decompressMessage(message: Buffer, encoding: string): Buffer | Promise<Buffer>;
}

export interface CountedCallOptions {
  readonly inHand: RequestsInHand;
  /** Undoes the compression of a message. Rejects with a ServiceError. */
  readonly decompress: (message: Uint8Array, encoding: string) => Promise<Uint8Array>;
  /** Throws where the caller may not pass: before anything of the message is read. */
  readonly admit: (metadata: Metadata) => void;
}

/**
 * A call whose bytes count among those in hand from when they arrive, also those of messages that are not whole yet:
 * grpc-js keeps them, and tells nobody. Messages that are not decoded are handed on as ReceivedMessage.
 *
 * grpc-js would also decompress as many messages at once as arrive; here `decompress` says how.
 */
export class CountedCall extends ServerInterceptingCall {
  readonly #call: ServerInterceptingCallInterface;
  readonly #options: CountedCallOptions;
  /** Bytes that have arrived, or were decompressed, and are of no message that was handed on. */
  #bytes = 0;
  #hasBegun = false;
  #isOver = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(call: ServerInterceptingCallInterface, options: CountedCallOptions) {
    super(call);
    this.#call = call;
    this.#options = options;
    const inner = call as unknown as InnerCall;
    inner.stream.on('data', (chunk: Buffer) => this.#count(chunk));
    inner.stream.once('close', () => this.#end());
    widenWindows(inner.stream.session as ServerHttp2Session | undefined);
    if (inner.incomingEncoding !== 'identity') this.#replaceDecompression(inner);
  }

  override start(listener: Parameters<ServerInterceptingCallInterface['start']>[0]): void {
    this.#call.start({
      onReceiveMetadata: (metadata) => {
        try {
          this.#options.admit(metadata);
        } catch (error) {
          this.#refuse(error);
          return;
        }
        listener.onReceiveMetadata(metadata);
      },
      onReceiveMessage: (message) => {
        listener.onReceiveMessage(this.#handOn(message));
      },
      onReceiveHalfClose: () => listener.onReceiveHalfClose(),
      onCancel: () => listener.onCancel(),
    });
  }

  #handOn(message: unknown): unknown {
    const received = new ReceivedMessage(message as Uint8Array, this.#bytes, this.#options.inHand);
    this.#bytes = 0;
    clearTimeout(this.#timer);
    if (message instanceof Uint8Array) return received;
    // Of a service that takes decoded messages, which are small once they are whole.
    received.release();
    return message;
  }

  #count(chunk: Buffer): void {
    if (this.#isOver) return;
    const isMessage = !this.#hasBegun && isWhole(chunk);
    this.#hasBegun = true;
    if (this.#bytes === 0 && !isMessage) this.#timer = setTimeout(() => this.#refuse(tooLate()), longestArrivalMs);
    try {
      this.#take(chunk.length);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error: unknown): void {
    this.#end();
    this.#call.sendStatus({ ...statusOf(error, ''), metadata: null });
  }

  #take(bytes: number): void {
    this.#options.inHand.take(bytes);
    this.#bytes += bytes;
  }

  /** Lets go of what will not become a message. */
  #end(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#options.inHand.give(this.#bytes);
    this.#bytes = 0;
  }

  #replaceDecompression(inner: InnerCall): void {
    inner.decompressMessage = async (message, encoding) => {
      const content = message.subarray(headBytes);
      if (encoding === 'identity') return content;
      try {
        const decoded = await this.#options.decompress(content, encoding);
        if (!this.#isOver) this.#take(decoded.length);
        return decoded as Buffer;
      } catch (error) {
        throw statusOf(error, '');
      }
    };
  }
}

/**
 * Whether the first piece of a call is a message and no more, as with most it is. Source: gRPC over HTTP/2,
 * "Length-Prefixed-Message".
 */
function isWhole(chunk: Buffer): boolean {
  return chunk.length >= headBytes && chunk.length === headBytes + chunk.readUInt32BE(1);
}

function tooLate(): ServiceError {
  return new ServiceError(504, `the message took too long to arrive: all of it may take ${longestArrivalMs / 1000} s`);
}
