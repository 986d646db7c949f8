import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import type { UnansweredCalls } from '../unanswered-calls.ts';
import { MessageCall } from './message-call.ts';
import type { ReceivedMessage } from './received-message.ts';

type StreamCall = ServerDuplexStream<ReceivedMessage, Uint8Array>;

/** Requests of one stream that are answered at once; the next is read when one of them has been. */
const mostAtOnce = 64;

/**
 * Answers each message of a stream with one, in their order, several at a time. `answer` does not reject.
 *
 * The stream ends once the caller has ended its side and has all answers; where `closing` aborts before, it ends as
 * unavailable once what was read is answered. `unanswered` is that of a `MessageCall`.
 */
export function answerStream(
  stream: StreamCall,
  answer: (message: ReceivedMessage, call: MessageCall) => Promise<Uint8Array>,
  closing: AbortSignal,
  unanswered: UnansweredCalls | undefined,
): void {
  // Each message that is answered may listen.
  stream.setMaxListeners(0);
  let inHand = 0;
  let last: Promise<void> = Promise.resolve();
  stream.on('data', (message: ReceivedMessage) => {
    const call = new MessageCall(stream, unanswered);
    inHand += 1;
    if (inHand >= mostAtOnce) stream.pause();
    const answered = answer(message, call);
    last = last.then(async () => {
      const bytes = await answered;
      inHand -= 1;
      if (stream.cancelled) return;
      if (!closing.aborted) stream.resume();
      if (!stream.write(bytes)) await drained(stream);
    });
  });
  const close = () => {
    stream.pause();
    void last.then(() => stream.emit('error', { code: status.UNAVAILABLE, details: 'the server is stopping' }));
  };
  if (closing.aborted) close();
  else closing.addEventListener('abort', close);
  stream.on('end', () => void last.then(() => stream.end()));
  stream.on('close', () => closing.removeEventListener('abort', close));
}

/** Until more can be written, or nobody listens any more. */
function drained(stream: StreamCall): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}
