import {
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

/**
 * A bare grpc-js server whose ModelInfer answers the message that it gets, without a model: node
 * bench/peers/echo-grpc-server.ts decoded|bytes, as an object that proto-loader makes of it, as such servers have them,
 * or as the bytes that came. Prints its port.
 */
function main(form: string): void {
  const definition = loadSync('inference.proto', { includeDirs: ['src/grpc/proto'] });
  const service = definition['inference.GRPCInferenceService'] as ServiceDefinition;
  const ModelInfer = service.ModelInfer as ServiceDefinition[string];
  const asItIs = (bytes: Buffer) => bytes;
  const codec =
    form === 'decoded'
      ? { requestDeserialize: ModelInfer.requestDeserialize, responseSerialize: ModelInfer.requestSerialize }
      : { requestDeserialize: asItIs, responseSerialize: asItIs };
  const server = new Server();
  server.addService(
    { ModelInfer: { ...ModelInfer, ...codec } },
    {
      ModelInfer: ({ request }: ServerUnaryCall<unknown, unknown>, callback: sendUnaryData<unknown>) =>
        callback(null, request),
    },
  );
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, port) => console.log(`port ${port}`));
}

main(process.argv[2] ?? '');
