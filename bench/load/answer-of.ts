import { connectCaller, type Protocol } from './connect-caller.ts';

/** The body, or message, that the server at `port` answers `request` with. */
export async function answerOf(port: number, request: Uint8Array, protocol: Protocol = 'http'): Promise<Buffer> {
  const caller = await connectCaller(protocol, port);
  try {
    return await caller.send(request);
  } finally {
    caller.close();
  }
}
