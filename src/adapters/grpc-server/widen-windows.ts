import type { ServerHttp2Session } from 'node:http2';

/**
 * What a connection may send before it hears that it was taken: with the 64 KiB that HTTP/2 begins with, a tensor of
 * 600 KB would wait for its caller ten times. No more, as a call that is not read yet may hold so much.
 */
const windowBytes = 1024 ** 2;
const widened = new WeakSet<ServerHttp2Session>();

/**
 * Lets the caller at the other end of a connection send more at once, from its first call on. grpc-js has no setting
 * for that.
 */
export function widenWindows(session: ServerHttp2Session | undefined): void {
  if (!session || session.destroyed || widened.has(session)) return;
  widened.add(session);
  session.setLocalWindowSize(windowBytes);
  session.settings({ initialWindowSize: windowBytes });
}
