import {
  type Client,
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadProto } from '../grpc-server/load-proto.ts';
import type { StepServer } from './read-step-servers.ts';

/** A connection to a server, for all of its models. */
export function grpcClient({ url }: StepServer): Client {
  const { inference } = loadPackageDefinition(loadProto()) as Record<string, GrpcObject>;
  const Service = inference?.GRPCInferenceService as ServiceClientConstructor;
  const secure = url.protocol === 'grpcs:' ? credentials.createSsl() : credentials.createInsecure();
  const anySize = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
  return new Service(url.host, secure, anySize);
}
