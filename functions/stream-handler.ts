import { once } from 'node:events';
import type { Context } from 'aws-lambda';
import { writePieces } from '../src/adapters/write-pieces.ts';
import type { StreamedResult } from './streamed-result.ts';

/**
 * A handler as a runtime with streams takes it: a result with `pieces` leaves as API Gateway takes streams, its head
 * first and each piece as it comes; any other as JSON, which is what whoever calls the function without a stream gets.
 *
 * Where `pieces` fail, the stream is left open and this rejects: the runtime ends it as one that failed. middy's own
 * mode for streams closes it instead, after which the runtime has no end to wait for.
 */
export function streamHandler<TEvent>(
  handler: (event: TEvent, context: Context) => Promise<StreamedResult | object | undefined>,
) {
  return awslambda.streamifyResponse(async (event: TEvent, out, context) => {
    // Connections that are kept for the next request are no reason to go on.
    context.callbackWaitsForEmptyEventLoop = false;
    const result = await handler(event, context);
    if (result && 'pieces' in result) await stream(out, result as StreamedResult);
    else {
      out.setContentType('application/json');
      out.write(JSON.stringify(result ?? null));
    }
    // What the runtime has closed has no end that could be waited for.
    if (out.destroyed) return;
    const finished = once(out, 'finish');
    out.end();
    await finished;
  });
}

async function stream(
  out: awslambda.HttpResponseStream,
  { statusCode, headers, pieces }: StreamedResult,
): Promise<void> {
  const body = awslambda.HttpResponseStream.from(out, { statusCode, headers });
  // The first write sends the head, and what has none is never told its status.
  body.write('');
  await writePieces(body, pieces);
}
