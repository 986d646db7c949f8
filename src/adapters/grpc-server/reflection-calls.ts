import { EventEmitter } from 'node:events';
import { type ServerDuplexStream, status } from '@grpc/grpc-js';

/** What a caller asks: one of its fields is set beside the host. */
interface Question {
  readonly host?: string;
  readonly fileContainingExtension?: { readonly containingType?: string } | null;
}

export type ReflectionCall = ServerDuplexStream<Question, object>;

/** Each takes kilobytes for as long as it likes, and needs no key. */
const mostCalls = 1000;
/** An answer has the question in it. */
const longestName = 256;

const full = {
  code: status.RESOURCE_EXHAUSTED,
  details: `${mostCalls} calls ask by reflection already, as many as may: end some`,
};
const tooLong = {
  code: status.INVALID_ARGUMENT,
  details: `a question with names of ${longestName} characters at most is expected`,
};

/**
 * Those who ask what services there are: so many at once, one of whom is asked nothing more while it does not read its
 * answers, until `closing` aborts.
 */
export class ReflectionCalls {
  readonly #calls = new Set<ReflectionCall>();
  readonly #closing: AbortSignal;

  constructor(closing: AbortSignal) {
    this.#closing = closing;
    closing.addEventListener('abort', () => {
      for (const call of this.#calls) call.end();
    });
  }

  /** @param handle answers the questions of a call, which it hears as `data`, as they come */
  add(call: ReflectionCall, handle: (call: ReflectionCall) => void): void {
    if (this.#calls.size >= mostCalls) return void call.emit('error', full);
    if (this.#closing.aborted) return void call.end();
    this.#calls.add(call);
    call.on('cancelled', () => this.#calls.delete(call));
    const asked = Object.assign(new EventEmitter(), {
      write: (answer: object) => call.write(answer),
      end: () => call.end(),
    });
    handle(asked as unknown as ReflectionCall);
    call.on('data', (question: Question) => {
      if (call.writableEnded) return;
      if (isTooLong(question)) return void call.emit('error', tooLong);
      asked.emit('data', question);
      if (!call.writableNeedDrain) return;
      call.pause();
      call.once('drain', () => call.resume());
    });
    call.on('end', () => asked.emit('end'));
  }
}

function isTooLong({ fileContainingExtension, ...others }: Question): boolean {
  const names = [fileContainingExtension?.containingType, ...Object.values(others)];
  return names.some((name) => typeof name === 'string' && name.length > longestName);
}
