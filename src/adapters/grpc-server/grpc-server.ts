import { setMaxListeners } from 'node:events';
import {
  logVerbosity,
  type Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  setLogVerbosity,
} from '@grpc/grpc-js';
import { RunQueue } from '../../core/run-queue.ts';
import type { GrpcService } from '../../grpc/grpc-service.ts';
import { statusOf } from '../../grpc/status-of.ts';
import type { Limits } from '../../settings.ts';
import { decodeBody } from '../node-server/content-encoding.ts';
import { untilRequestsPause } from '../node-server/until-requests-pause.ts';
import type { Certificate } from '../read-certificate.ts';
import { requestIdOf } from '../request-id.ts';
import { addReflection } from './add-reflection.ts';
import { answeredGrpc } from './answered-grpc.ts';
import { CountedCall, type CountedCallOptions } from './counted-call.ts';
import { headersOf } from './headers-of.ts';
import { healthHandlers } from './health-handlers.ts';
import { type HandlerOptions, InferenceHandlers } from './inference-handlers.ts';
import { listenError } from './listen-error.ts';
import { loadProto } from './load-proto.ts';
import { readinessHandlers } from './readiness-handlers.ts';

export interface GrpcServerOptions extends Omit<HandlerOptions, 'closing'> {
  readonly limits: Limits;
  /** Answers over TLS alone, as whom this says. @default none: not over TLS */
  readonly certificate?: Certificate | undefined;
}

// As many as the thread pool takes at once: more would only hold more memory.
const decompressions = 4;

/**
 * Calls of one connection past the requests in hand: those that are refused, and health, must not wait for the others.
 */
const spareStreams = 1000;

// What goes wrong is told by errors, and logged by whom they meet.
setLogVerbosity(logVerbosity.NONE);

const servicePath = '/inference.GRPCInferenceService/';

/** Serves a GrpcService with grpc-js: limits, compression, health, reflection, and an orderly end. */
export class GrpcServer {
  readonly #service: GrpcService;
  readonly #server: Server;
  readonly #credentials: ServerCredentials;
  readonly #closing = new AbortController();
  readonly #options: Pick<HandlerOptions, 'onAnswer' | 'onCall'>;
  #address = '';
  #arrived = 0;

  constructor(service: GrpcService, { limits, certificate, ...options }: GrpcServerOptions) {
    this.#service = service;
    this.#options = options;
    this.#credentials = certificate
      ? ServerCredentials.createSsl(null, [{ cert_chain: certificate.cert, private_key: certificate.key }])
      : ServerCredentials.createInsecure();
    const { signal: closing } = this.#closing;
    // Each stream listens.
    setMaxListeners(0, closing);
    const decompress = decompressor(limits);
    this.#server = new Server({
      'grpc.max_receive_message_length': limits.maxBodyBytes,
      'grpc.max_send_message_length': -1,
      'grpc.max_concurrent_streams': limits.maxConcurrentRequests + spareStreams,
      'grpc.keepalive_time_ms': 60_000,
      // Nobody could ask it for its records of calls.
      'grpc.enable_channelz': 0,
      interceptors: [
        ({ path }, call) =>
          new CountedCall(call, {
            inHand: options.inHand,
            decompress,
            admit: (metadata) => this.#admit(path, metadata),
          }),
      ],
    });
    const proto = loadProto();
    const definition = proto['inference.GRPCInferenceService'] as ServiceDefinition;
    const handlers = new InferenceHandlers(service, { ...options, closing });
    this.#server.addService(undecoded(definition), handlers.implementation(definition));
    this.#server.addService(
      proto['grpc.health.v1.Health'] as ServiceDefinition,
      healthHandlers((name) => service.servingStatus(name), closing),
    );
    this.#server.addService(
      proto['tensorgate.Readiness'] as ServiceDefinition,
      readinessHandlers(() => service.isReady),
    );
    addReflection(this.#server, proto, closing);
  }

  /** Accepts from now on. Resolves to address and port. Rejects where the address cannot be had. */
  async listen(port: number, host: string): Promise<string> {
    const name = host.includes(':') ? `[${host}]` : host;
    const given = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`${name}:${port}`, this.#credentials, (error, bound) => {
        if (error) reject(listenError(error));
        else resolve(bound);
      });
    });
    this.#address = `${name}:${given}`;
    return this.#address;
  }

  /**
   * Goes on answering, but says that it is not ready: until nobody has asked for a while, or `mostMs` have passed. Who
   * sends requests here learns so that others are to have them.
   */
  async drain(mostMs: number): Promise<void> {
    this.#service.end();
    await untilRequestsPause(() => this.#arrived, mostMs);
  }

  /** Stops accepting, answers what is in flight, and cuts what is not answered after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#service.end();
    this.#closing.abort();
    if (this.#address !== '') this.#server.drain(this.#address, graceMs);
    await new Promise<void>((resolve) => this.#server.tryShutdown(() => resolve()));
  }

  /** Lets callers through to a method of the service by their keys, and to those of gRPC itself all of them. */
  #admit(path: string, metadata: Metadata): void {
    if (!path.startsWith(servicePath)) return;
    this.#arrived += 1;
    const method = path.slice(servicePath.length);
    try {
      this.#service.admit(method, () => headersOf(metadata));
    } catch (error) {
      this.#refused(method, metadata, error);
      throw error;
    }
  }

  /** Tells of a call that is refused before anything of it is read. */
  #refused(method: string, metadata: Metadata, error: unknown): void {
    const requestId = requestIdOf(metadata.get('x-request-id')[0]);
    const { code } = statusOf(error, requestId);
    const nothing = { requestId, code, ms: 0, bytes: new Uint8Array(0), error };
    const { onAnswer, onCall } = this.#options;
    onAnswer(code, error, () => ({ method, requestId }));
    onCall?.(answeredGrpc(method, nothing, nothing));
  }
}

/** The definition of a service whose messages come and go as they are on the wire. */
function undecoded(definition: ServiceDefinition): ServiceDefinition {
  const asItIs = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: asItIs, responseSerialize: asItIs },
    ]),
  );
}

function decompressor({ maxDecompressedBytes, maxConcurrentRequests }: Limits): CountedCallOptions['decompress'] {
  const queue = new RunQueue(decompressions, maxConcurrentRequests);
  return (message, encoding) => queue.run(() => decodeBody(message, encoding, maxDecompressedBytes));
}
