import type { Client } from '@grpc/grpc-js';
import { expect, test } from '@jest/globals';
import { grpcCaller } from '../../../src/adapters/remote-models/grpc-caller.ts';

test('that a server cannot be reached is told without the note of grpc-js that is empty', async () => {
  const details = 'No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1. Resolution note: ';
  const client = {
    ModelMetadata: (_message: object, _metadata: object, answered: (error: object) => void) => {
      answered({ code: 14, details });
      return { cancel: () => undefined };
    },
  };
  const server = { url: new URL('grpc://127.0.0.1:1'), key: undefined };
  await expect(grpcCaller('far', client as unknown as Client, server, 'm').describe()).rejects.toMatchObject({
    status: 503,
    message: "the server 'far': No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1.",
  });
});
