import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';

/**
 * A bare grpc-js server whose ModelInfer answers the message on stdin, without a model and without decoding: node
 * bench/peers/bare-grpc-server.ts. Prints its port.
 */
async function main(): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const answer = Buffer.concat(chunks);
  const asItIs = (bytes: Buffer) => bytes;
  const server = new Server();
  const modelInfer = {
    path: '/inference.GRPCInferenceService/ModelInfer',
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  };
  server.addService(
    { modelInfer },
    {
      modelInfer: (_call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => callback(null, answer),
    },
  );
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_error, port) => console.log(`port ${port}`));
}

await main();
