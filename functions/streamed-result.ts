import { setTimeout as pause } from 'node:timers/promises';
import type { HttpResponse } from '../src/http/http-message.ts';
import { lambdaHeaders } from './lambda-headers.ts';

// Of the time that is kept for late answers, what a stream has to say that it came to no end.
const lastWordsMs = 250;

/** An answer as API Gateway takes it where it streams: a head, then bytes as they are. */
export interface StreamedResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly pieces: AsyncGenerator<Uint8Array, void>;
}

/**
 * An answer whose bytes leave piece by piece, until `passed` rejects: then they do too, a moment later, unless they end
 * by themselves.
 *
 * @param onEnd is waited for once they have ended, or failed on `error`
 */
export function streamedResult(
  answer: HttpResponse,
  more: Readonly<Record<string, string>>,
  passed: Promise<never>,
  onEnd: (error?: unknown) => Promise<void>,
): StreamedResult {
  return { statusCode: answer.status, headers: lambdaHeaders(answer, more), pieces: piecesOf(answer, passed, onEnd) };
}

async function* piecesOf(
  { body, stream }: HttpResponse,
  passed: Promise<never>,
  onEnd: (error?: unknown) => Promise<void>,
): AsyncGenerator<Uint8Array, void> {
  let failure: unknown;
  try {
    yield* body;
    if (stream) yield* until(stream, passed);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    await onEnd(failure);
  }
}

async function* until(
  stream: AsyncGenerator<Uint8Array, void>,
  passed: Promise<never>,
): AsyncGenerator<Uint8Array, void> {
  const late = passed.catch(async (error): Promise<never> => {
    await pause(lastWordsMs);
    throw error;
  });
  // It may come when nobody waits for it any more.
  late.catch(() => undefined);
  try {
    for (;;) {
      const next = await Promise.race([stream.next(), late]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not waited for: it may come after what it still works on, and that is what took too long.
    stream.return().catch(() => undefined);
  }
}
