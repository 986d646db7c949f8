import { HttpCaller } from './http-caller.ts';

/** The body that the server at `port` answers `request` with. */
export async function answerOf(port: number, request: Uint8Array): Promise<Buffer> {
  const caller = await HttpCaller.connect(port);
  try {
    return await caller.send(request);
  } finally {
    caller.close();
  }
}
