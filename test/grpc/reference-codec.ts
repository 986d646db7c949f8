import { loadSync, type MethodDefinition } from '@grpc/proto-loader';

// As protobufjs has the messages of ModelInfer: what our own reading and writing of them is held against.
const definitions = loadSync('inference.proto', {
  keepCase: true,
  longs: String,
  defaults: true,
  includeDirs: ['src/grpc/proto'],
}) as unknown as Record<string, Record<string, MethodDefinition<object, object>>>;
const service = definitions['inference.GRPCInferenceService'] ?? {};

interface Output {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly string[];
  readonly parameters: object;
  readonly contents: Readonly<Record<string, readonly unknown[]>> | null;
}

export interface ReferenceResponse {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly parameters: object;
  readonly outputs: readonly Output[];
  readonly raw_output_contents: readonly Buffer[];
}

export interface ReferenceStreamResponse {
  readonly error_message: string;
  readonly infer_response: ReferenceResponse;
}

export const referenceCodec = {
  encodeRequest: (request: object) => service.ModelInfer?.requestSerialize(request) as Buffer,
  decodeResponse: (bytes: Uint8Array) =>
    service.ModelInfer?.responseDeserialize(Buffer.from(bytes)) as unknown as ReferenceResponse,
  decodeStreamResponse: (bytes: Uint8Array) =>
    service.ModelStreamInfer?.responseDeserialize(Buffer.from(bytes)) as unknown as ReferenceStreamResponse,
};
