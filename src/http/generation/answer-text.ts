import type { ChosenVersion } from '../../core/canary/chosen-version.ts';
import type { Releases } from '../../core/canary/releases.ts';
import type { DataPlane } from '../../core/data-plane.ts';
import { collectTexts } from '../../core/generation/collect-texts.ts';
import { generateChoices } from '../../core/generation/generate-choices.ts';
import type { TextPiece } from '../../core/generation/generate-text.ts';
import type { FromSource } from '../../core/generation/interleave.ts';
import type { LanguageModel } from '../../core/generation/language-model.ts';
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
import type { TextPlan } from './text-plan.ts';
import { withHeartbeats } from './with-heartbeats.ts';

/** What language models are asked through. */
export interface TextParts {
  readonly dataPlane: {
    readonly releases: Pick<Releases, 'choose'>;
    readonly languageModel: DataPlane['languageModel'];
  };
  readonly clock: Clock;
  readonly timers: Timers;
}

/** What is answered, and its tokens, which are counted as they come. */
interface Counted {
  readonly planned: TextPlan;
  readonly tokens: { readonly input: number; output: number };
}

/** What a request wants of a model; `signal` ends what is waited for meanwhile. */
type MakePlan = (model: LanguageModel, signal: () => AbortSignal) => Promise<TextPlan>;

type Events = AsyncGenerator<FromSource<TextPiece>, void>;

/** Within the 30 s for which API Gateway keeps a silent connection. */
const heartbeatMs = 15_000;

/**
 * Answers with texts of a language model, whole or as a stream of events. What fails before the first token has its
 * status; what fails later is the last event of the stream.
 *
 * Every text counts in its version's statistics, as a success or a failure, and a request that never comes to one as a
 * failure.
 */
export async function answerText(
  { dataPlane, clock, timers }: TextParts,
  request: HttpRequest,
  chosen: ChosenVersion,
  plan: MakePlan,
): Promise<HttpResponse> {
  const call = new InferCall(request, clock);
  const { received, times } = call;
  let isStreamed = false;
  try {
    call.begin({ parameters: {}, inputs: [] }, false);
    const [planned, events] = await begun(dataPlane, clock, call, chosen.version, plan);
    const started = clock.now();
    times.inputMs = started - received - times.loadMs;
    isStreamed = planned.isStreamed;
    const tokens = { input: planned.promptTokens, output: 0 };
    const counted = { planned, tokens };
    const answer = await (isStreamed ? streamed(timers, request, call, counted, events) : whole(counted, events));
    // Of a stream, up to its first token.
    times.inferMs = clock.now() - started;
    chosen.began(times);
    return {
      ...answer,
      timing: serverTiming(times),
      stages: { receivedMs: received, times },
      served: { ...chosen.served, items: planned.choices.length, tokens },
    };
  } catch (error) {
    chosen.neverBegan(error);
    throw error;
  } finally {
    if (!isStreamed) call.end();
  }
}

/**
 * What is wanted of the model, and what comes of it. What goes wrong by then the model does not know of, so that it is
 * counted here.
 */
async function begun(
  dataPlane: TextParts['dataPlane'],
  clock: Clock,
  call: InferCall,
  version: ModelVersion,
  plan: MakePlan,
): Promise<readonly [TextPlan, Events]> {
  const counted = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error) => {
      version.statistics.failed(clock.now() - call.received, error);
      throw error;
    });
  const model = await counted(dataPlane.languageModel(version, call));
  const planned = await counted(plan(model, () => call.signal()));
  const choices = planned.choices.map((choice) => ({ ...choice, open: () => counted(choice.open()) }));
  return [planned, generateChoices(model, version, choices, call.signal())];
}

async function whole({ planned: { choices, promptTokens, writer }, tokens }: Counted, events: Events) {
  const { texts, completionTokens } = await collectTexts(events, choices.length);
  tokens.output = completionTokens;
  return jsonResponse(writer.whole(texts, { promptTokens, completionTokens }));
}

async function streamed(
  timers: Timers,
  request: HttpRequest,
  call: InferCall,
  counted: Counted,
  events: Events,
): Promise<HttpResponse> {
  const sent = { isBegun: false };
  const stream = withHeartbeats(lines(request, call, counted, events, sent), timers, heartbeatMs);
  const first = await stream.next();
  sent.isBegun = true;
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
  call: InferCall,
  { planned: { promptTokens, writer }, tokens }: Counted,
  events: Events,
  sent: { readonly isBegun: boolean },
): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const { index, value } of events) {
      tokens.output += 1;
      for (const event of writer.piece(index, value)) yield eventLine(JSON.stringify(event));
    }
    for (const event of writer.end({ promptTokens, completionTokens: tokens.output }))
      yield eventLine(typeof event === 'string' ? event : JSON.stringify(event));
  } catch (error) {
    if (!sent.isBegun) throw error;
    const [body] = errorResponse(error, requestId, path).body;
    yield eventLine(new TextDecoder().decode(body));
    // What is no fault of the caller's goes to the log of the host.
    if (!(error instanceof ServiceError)) throw error;
  } finally {
    call.end();
  }
}
