import { type Client, type ServiceError as GrpcError, Metadata } from '@grpc/grpc-js';
import type { OutputTensor } from '../../protocol/inference.ts';
import { packTensor } from '../../protocol/pack-tensor.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { unpackTensor } from '../../protocol/unpack-tensor.ts';
import { outputsOf } from './outputs-of.ts';
import type { StepServer } from './read-step-servers.ts';
import type { RemoteCaller } from './remote-caller.ts';
import { remoteFailure } from './remote-failure.ts';

/** Statuses of HTTP by codes of gRPC; all others are 502. */
const statuses: Readonly<Record<number, number>> = { 1: 504, 3: 400, 4: 504, 14: 503 };
const exhausted = 8;

type Method = (
  message: object,
  metadata: Metadata,
  answered: (error: GrpcError | null, answer: unknown) => void,
) => { cancel(): void };

interface InferAnswer {
  readonly outputs: readonly Pick<TensorSpec, 'name' | 'datatype' | 'shape'>[];
  readonly raw_output_contents: readonly Uint8Array[];
}

/** What is exhausted is a limit, which another try meets too, unless the server says when to come again. */
function statusOf({ code, metadata }: GrpcError): number {
  const mayPass = code === exhausted && metadata.get('retry-after').length > 0;
  return mayPass ? 429 : (statuses[code] ?? 502);
}

/** Without the note of grpc-js on how it found the address, which is empty mostly. */
function detailsOf({ details }: GrpcError): string {
  return details.replace(/ Resolution note: $/, '');
}

/** Asks a model over gRPC; tensors travel as bytes. */
export function grpcCaller(
  server: string,
  client: Client,
  { key }: StepServer,
  model: string,
  version = '',
): RemoteCaller {
  const metadata = new Metadata();
  if (key !== undefined) metadata.set('x-api-key', key);
  const ask = <Answer>(method: string, message: object, signal: AbortSignal) =>
    new Promise<Answer>((resolve, reject) => {
      const send = (client as unknown as Record<string, Method>)[method] as Method;
      const call = send.call(client, message, metadata, (error, answer) => {
        signal.removeEventListener('abort', cancel);
        if (error) reject(remoteFailure(server, statusOf(error), detailsOf(error), error));
        else resolve(answer as Answer);
      });
      const cancel = () => call.cancel();
      signal.addEventListener('abort', cancel, { once: true });
    });
  return {
    describe: (signal) => ask('ModelMetadata', { name: model, version }, signal),
    async infer({ inputNames, inputs, outputNames, priority }, signal) {
      const answer = await ask<InferAnswer>(
        'ModelInfer',
        {
          model_name: model,
          model_version: version,
          inputs: inputs.map(({ datatype, shape }, index) => ({ name: inputNames[index], datatype, shape })),
          outputs: outputNames.map((name) => ({ name })),
          ...(priority !== undefined && { parameters: { priority: { int64_param: priority } } }),
          raw_input_contents: inputs.map(packTensor),
        },
        signal,
      );
      const outputs = answer.outputs.map(({ name, datatype, shape }, index): OutputTensor => {
        const bytes = answer.raw_output_contents[index] ?? new Uint8Array();
        return { ...unpackTensor(name, datatype, shape, bytes), name };
      });
      return outputsOf(server, outputs, outputNames);
    },
  };
}
