import { GrpcCaller } from './grpc-caller.ts';
import { HttpCaller } from './http-caller.ts';

/** What a load is sent by: whole HTTP requests, or messages of ModelInfer. */
export type Protocol = 'http' | 'grpc';

/** A connection that sends ready-made requests, one at a time. */
export interface Caller {
  send(request: Uint8Array): Promise<Buffer>;
  close(): void;
}

export function connectCaller(protocol: Protocol, port: number): Promise<Caller> {
  return protocol === 'grpc' ? GrpcCaller.connect(port) : HttpCaller.connect(port);
}
