import {
  type CallOptions,
  ChannelCredentials,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  Metadata,
  makeGenericClientConstructor,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { loadProto } from '../../../src/adapters/grpc-server/load-proto.ts';

// biome-ignore lint/suspicious/noExplicitAny: messages are what the proto file says.
type Message = any;
type Unary = (
  request: object,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, response: Message) => void,
) => ClientUnaryCall;

const proto = loadProto();

/** A client of grpc-js, whose messages protobufjs writes and reads. */
export class TestClient {
  readonly #client: Record<string, Unary> & { close(): void };
  readonly #health: Record<string, Unary> & { close(): void };

  constructor(address: string, options: object = {}, credentials = ChannelCredentials.createInsecure()) {
    const make = (service: string) => {
      const Client = makeGenericClientConstructor(proto[service] as ServiceDefinition, service);
      // biome-ignore lint/suspicious/noExplicitAny: the methods come with the definition.
      return new Client(address, credentials, options) as any;
    };
    this.#client = make('inference.GRPCInferenceService');
    this.#health = make('grpc.health.v1.Health');
  }

  /** Rejects with grpc-js's error: code, details, metadata. */
  call(
    method: string,
    request: object = {},
    options: CallOptions = {},
    headers: Record<string, string> = {},
  ): Promise<Message> {
    return this.start(method, request, options, headers).answer;
  }

  start(method: string, request: object, options: CallOptions = {}, headers: Record<string, string> = {}) {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const client = method === 'Check' ? this.#health : this.#client;
    const call = client[method]?.(request, metadata, options, (error, response) =>
      error ? reject(error) : resolve(response),
    ) as ClientUnaryCall;
    const trailers = new Promise<Metadata>((told) => call.once('status', (end) => told(end.metadata)));
    return { answer: promise, trailers, cancel: () => call.cancel() };
  }

  /** Sends and gets a message as it is on the wire. */
  encoded(method: string, message: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const asItIs = (bytes: Buffer) => bytes;
      const path = `/inference.GRPCInferenceService/${method}`;
      // biome-ignore lint/suspicious/noExplicitAny: every client has it.
      (this.#client as any).makeUnaryRequest(
        path,
        asItIs,
        asItIs,
        message,
        (error: ServiceError | null, bytes: Buffer) => (error ? reject(error) : resolve(bytes)),
      );
    });
  }

  stream(headers: Record<string, string> = {}): ClientDuplexStream<object, Message> {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    // biome-ignore lint/suspicious/noExplicitAny: it takes other arguments than unary methods.
    return (this.#client as any).ModelStreamInfer(metadata);
  }

  watch(service: string): ClientReadableStream<Message> {
    // biome-ignore lint/suspicious/noExplicitAny: it takes other arguments than unary methods.
    return (this.#health as any).Watch({ service });
  }

  close(): void {
    this.#client.close();
    this.#health.close();
  }
}
