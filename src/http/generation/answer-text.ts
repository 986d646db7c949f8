import { generateText, type TextFinish, type TextPiece, type TextToken } from '../../core/generation/generate-text.ts';
import { type FromSource, interleave } from '../../core/generation/interleave.ts';
import type { LanguageModel } from '../../core/generation/language-model.ts';
import type { InferenceContext } from '../../core/inference-context.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Timers } from '../../ports/timers.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { errorResponse } from '../error-response.ts';
import type { HttpRequest, HttpResponse } from '../http-message.ts';
import { InferCall } from '../infer-call.ts';
import { jsonResponse } from '../json-response.ts';
import { serverTiming } from '../server-timing.ts';
import { eventLine } from './event-line.ts';
import type { TextChoice, TextPlan } from './text-plan.ts';
import { TextRecord } from './text-record.ts';
import { withHeartbeats } from './with-heartbeats.ts';

/** Loads the language model of a version. Rejects with 400 where it is none, and as loading does. */
export type OpenLanguageModel = (version: ModelVersion, context: InferenceContext) => Promise<LanguageModel>;

export interface TextParts {
  readonly openLanguageModel: OpenLanguageModel;
  readonly clock: Clock;
  readonly timers: Timers;
}

type Events = AsyncGenerator<FromSource<TextPiece>, void>;

/** One text after another makes no progress that its caller sees, and all at once take the room of others. */
const mostAtOnce = 8;
/** Within the 30 s for which API Gateway keeps a silent connection. */
const heartbeatMs = 15_000;

/**
 * Answers with texts of a language model, whole or as a stream of events. What fails before the first token has its status; what fails
 * later is the last event of the stream.
 *
 * Every call counts once in its version's statistics as its last token is known, as a success or a failure.
 */
export async function answerText(
  parts: TextParts,
  request: HttpRequest,
  version: ModelVersion,
  plan: (model: LanguageModel, call: InferCall) => Promise<TextPlan>,
): Promise<HttpResponse> {
  const { clock, openLanguageModel } = parts;
  const call = new InferCall(request, clock);
  const record = new TextRecord(version, call, clock);
  let isHandedOn = false;
  try {
    call.begin({ parameters: {}, inputs: [] }, false);
    const model = await openLanguageModel(version, call);
    const planned = await plan(model, call);
    call.times.inputMs = clock.now() - call.received - call.times.loadMs;
    const events = interleave(
      planned.choices.map((choice) => (signal: AbortSignal) => text(model, choice, signal)),
      mostAtOnce,
      call.signal(),
    );
    record.begin();
    const answer = planned.isStreamed
      ? await streamed(parts.timers, request, planned, events, record)
      : await whole(planned, events, record);
    isHandedOn = planned.isStreamed;
    const served = { model: version.name, version: String(version.version) };
    return {
      ...answer,
      timing: serverTiming(call.times),
      stages: { receivedMs: call.received, times: call.times },
      served,
    };
  } catch (error) {
    record.failed(error);
    throw error;
  } finally {
    if (!isHandedOn) record.end();
  }
}

async function* text(model: LanguageModel, choice: TextChoice, signal: AbortSignal): AsyncGenerator<TextPiece, void> {
  yield* generateText(model, choice.prompt, await choice.open(), signal);
}

async function whole(
  { choices, promptTokens, writer }: TextPlan,
  events: Events,
  record: TextRecord,
): Promise<HttpResponse> {
  const texts = choices.map(() => ({ text: '', tokens: [] as TextToken[], finish: 'length' as TextFinish }));
  let completionTokens = 0;
  for await (const { index, value } of events) {
    const text = texts[index] as (typeof texts)[number];
    text.text += value.text;
    text.tokens.push(...value.tokens);
    if (value.finish) text.finish = value.finish;
    completionTokens += 1;
  }
  record.succeeded(choices.length);
  return jsonResponse(writer.whole(texts, { promptTokens, completionTokens }));
}

async function streamed(
  timers: Timers,
  request: HttpRequest,
  plan: TextPlan,
  events: Events,
  record: TextRecord,
): Promise<HttpResponse> {
  const sent = { isBegun: false };
  const stream = withHeartbeats(lines(request, plan, events, record, sent), timers, heartbeatMs);
  const first = await stream.next();
  sent.isBegun = true;
  record.lap();
  return {
    status: 200,
    headers: ['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache'],
    body: first.done ? [] : [first.value],
    stream,
  };
}

/** The events of a stream, which ends the call as it ends. Rejects with what fails as long as nothing was sent. */
async function* lines(
  { requestId, path }: HttpRequest,
  { choices, promptTokens, writer }: TextPlan,
  events: Events,
  record: TextRecord,
  sent: { readonly isBegun: boolean },
): AsyncGenerator<Uint8Array, void> {
  let completionTokens = 0;
  try {
    for await (const { index, value } of events) {
      completionTokens += 1;
      for (const event of writer.piece(index, value)) yield eventLine(JSON.stringify(event));
    }
    record.succeeded(choices.length);
    for (const event of writer.end({ promptTokens, completionTokens }))
      yield eventLine(typeof event === 'string' ? event : JSON.stringify(event));
  } catch (error) {
    record.failed(error);
    if (!sent.isBegun) throw error;
    const [body] = errorResponse(error, requestId, path).body;
    yield eventLine(new TextDecoder().decode(body));
    // What is no fault of the caller's goes to the log of the host.
    if (!(error instanceof ServiceError)) throw error;
  } finally {
    record.end();
  }
}
