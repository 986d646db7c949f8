import { type Client, Metadata } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { grpcCaller } from '../../../src/adapters/remote-models/grpc-caller.ts';

const never = new AbortController().signal;
const server = { url: new URL('grpc://127.0.0.1:1'), key: undefined };

type Answered = (error: object | null, answer?: object) => void;

/** Asks through a client whose calls get `answer`; `sent` has their messages. */
function callerOf(answer: (answered: Answered) => void, sent: object[] = []) {
  const method = (message: object, _metadata: object, answered: Answered) => {
    sent.push(message);
    queueMicrotask(() => answer(answered));
    return { cancel: () => undefined };
  };
  return grpcCaller('far', { ModelMetadata: method, ModelInfer: method } as unknown as Client, server, 'm');
}

test('that a server cannot be reached is told without the note of grpc-js that is empty', async () => {
  const details = 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';
  const caller = callerOf((answered) => answered({ code: 14, details }));
  await expect(caller.describe(never)).rejects.toMatchObject({
    status: 503,
    message: "the server 'far': No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1.",
  });
});

test('a limit that a request meets is no reason to try again; that it comes too often is, by what the server says', async () => {
  const details = 'the message is larger than maxBodyBytes';
  const metadata = new Metadata();
  const caller = callerOf((answered) => answered({ code: 8, details, metadata }));
  await expect(caller.describe(never)).rejects.toMatchObject({
    status: 502,
    message: `the server 'far': ${details}`,
  });
  metadata.set('retry-after', '1');
  await expect(caller.describe(never)).rejects.toMatchObject({ status: 503, retryAfterSeconds: 1 });
});

test('a run is asked for with the priority that it has', async () => {
  const sent: object[] = [];
  const caller = callerOf((answered) => answered(null, { outputs: [], raw_output_contents: [] }), sent);
  const run = { inputNames: [], inputs: [], outputNames: [] };
  await caller.infer({ ...run, priority: 2 }, never);
  await caller.infer(run, never);
  expect(sent[0]).toMatchObject({ parameters: { priority: { int64_param: 2 } } });
  expect(sent[1]).not.toHaveProperty('parameters');
});
