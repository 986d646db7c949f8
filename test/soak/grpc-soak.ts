import { setTimeout as pause } from 'node:timers/promises';
import {
  type Client,
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  type ServiceClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { loadProto } from '../../src/adapters/grpc-server/load-proto.ts';
import { SoakCall } from './soak-call.ts';
import type { SoakRecord } from './soak-record.ts';

/** Nothing takes as long: a call without an answer then is a lost one. */
const longestMs = 20_000;
const inStream = 6;

interface Answer {
  readonly id: string;
  readonly raw_output_contents: readonly Buffer[];
}

interface StreamAnswer {
  readonly error_message: string;
  readonly infer_response: Answer;
}

interface InferenceClient extends Client {
  ModelInfer(
    request: object,
    options: object,
    callback: (error: ServiceError | null, answer: Answer) => void,
  ): { cancel(): void };
  ModelStreamInfer(options: object): ClientDuplexStream<object, StreamAnswer>;
}

interface Soak {
  readonly client: InferenceClient;
  readonly random: () => number;
  readonly record: SoakRecord;
}

/** One caller over gRPC, with a connection of its own, which makes one call after another until `isOver`. */
export async function soakGrpc(
  { address, ...soak }: Omit<Soak, 'client'> & { readonly address: string },
  isOver: () => boolean,
): Promise<void> {
  const { inference } = loadPackageDefinition(loadProto()) as unknown as {
    inference: { GRPCInferenceService: ServiceClientConstructor };
  };
  const made = new inference.GRPCInferenceService(address, credentials.createInsecure());
  const client = made as unknown as InferenceClient;
  const acts = [single, single, cancelled, stream];
  try {
    while (!isOver()) {
      const act = acts[Math.floor(soak.random() * acts.length)] as (soak: Soak) => Promise<void>;
      await act({ ...soak, client }).catch((error: Error) => soak.record.fail(`gRPC: ${error.message}`));
    }
  } finally {
    client.close();
  }
}

async function single({ client, random, record }: Soak): Promise<void> {
  const call = new SoakCall(random);
  const { error, answer } = await infer(client, call);
  if (answer) {
    check(call, answer);
    record.count('answered');
  } else if (isAway(call, error?.message)) record.count('of an unloaded model');
  else throw new Error(`${call.model.name}: ${error?.message}`);
}

/** The caller leaves, at some moment. */
async function cancelled({ client, random, record }: Soak): Promise<void> {
  const call = new SoakCall(random);
  const leavesAfter = random() * 30;
  const { error, answer } = await infer(client, call, leavesAfter);
  if (answer) check(call, answer);
  else if (error?.code === status.CANCELLED) record.count('cancelled');
  else if (!isAway(call, error?.message)) throw new Error(`${call.model.name}: ${error?.message}`);
}

/** Several calls at once on one stream, which are told apart by their ids. */
function stream({ client, random, record }: Soak): Promise<void> {
  const calls = new Map(Array.from({ length: inStream }, () => new SoakCall(random)).map((call) => [call.id, call]));
  const answers = client.ModelStreamInfer({ deadline: Date.now() + longestMs });
  return new Promise((resolve, reject) => {
    answers.on('data', ({ error_message: error, infer_response: answer }: StreamAnswer) => {
      const call = calls.get(answer.id);
      if (!call) return reject(new Error(`a stream answered ${answer.id}, which was not asked or was answered before`));
      calls.delete(answer.id);
      try {
        if (error === '') {
          check(call, answer);
          record.count('answered');
        } else if (isAway(call, error)) record.count('of an unloaded model');
        else throw new Error(`${call.model.name}: ${error}`);
      } catch (caught) {
        reject(caught);
      }
    });
    answers.on('error', reject);
    answers.on('end', () => {
      if (calls.size > 0) reject(new Error(`a stream ended without answers to ${[...calls.keys()]}`));
      else resolve();
    });
    for (const call of calls.values()) answers.write(message(call));
    answers.end();
  });
}

function infer(client: InferenceClient, call: SoakCall, leavesAfterMs?: number) {
  const { promise, resolve } = Promise.withResolvers<{ error: ServiceError | null; answer: Answer | undefined }>();
  const options = { deadline: Date.now() + longestMs };
  const calling = client.ModelInfer(message(call), options, (error, answer) => resolve({ error, answer }));
  if (leavesAfterMs !== undefined) void pause(leavesAfterMs).then(() => calling.cancel());
  return promise;
}

function message({ id, model, shape, bytes, values }: SoakCall): object {
  const input = { name: 'x', datatype: 'FP32', shape };
  // Every other call writes its numbers one by one.
  return values[0] !== undefined && values[0] % 2 === 0
    ? { id, model_name: model.name, inputs: [input], raw_input_contents: [bytes] }
    : { id, model_name: model.name, inputs: [{ ...input, contents: { fp32_contents: [...values] } }] };
}

function check(call: SoakCall, { id, raw_output_contents: [raw] }: Answer): void {
  call.check(id, new Float32Array(Uint8Array.from(raw ?? []).buffer));
}

/** Whether a model that comes and goes was away. */
function isAway({ model }: SoakCall, message = ''): boolean {
  return model.comesAndGoes && /unloaded|UNLOADING|UNAVAILABLE/.test(message);
}
