import { comparablePredictions } from '../../core/canary/comparable-predictions.ts';
import type { DataPlane } from '../../core/data-plane.ts';
import type { InferenceContext } from '../../core/inference-context.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import { type Ranked, rank } from '../../core/tasks/rank.ts';
import type { Task } from '../../core/tasks/task.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Limits } from '../../settings.ts';
import { InferCall } from '../infer-call.ts';
import { jsonBody } from '../json-body.ts';
import { modelOf } from '../openai/model-of.ts';
import { nameIn } from '../openai/name-in.ts';
import { answerTask } from '../predict/answer-task.ts';
import type { Handler } from '../router.ts';
import { onlyRanker } from './only-ranker.ts';
import { readRerankRequest } from './read-rerank-request.ts';

/**
 * `POST /v1/rerank`, Cohere's `/v2/rerank` and Text Embeddings Inference's `/rerank`: texts by how well they answer a
 * query, best first, in the shape of Cohere's API, or of Text Embeddings Inference where that is what was asked in. A
 * text that is too long is refused, or cut where `truncate` says so.
 *
 * Every request counts once in its version's statistics, as a success or a failure.
 */
export function rerankRoute(dataPlane: DataPlane, clock: Clock, { maxConcurrentRequests }: Limits): Handler {
  return async (request) => {
    const call = new InferCall(request, clock);
    const asked = readRerankRequest(jsonBody(request));
    const { model = onlyRanker(dataPlane.repository, request.caller), texts, count, hasText, isTei } = asked;
    request.caller?.check('infer', nameIn(model));
    const chosen = modelOf(dataPlane.releases, model, request);
    const { version } = chosen;
    return answerTask(dataPlane, clock, call, chosen, async (task) => {
      call.times.inputMs = clock.now() - call.received - call.times.loadMs;
      const ask = (other: ModelVersion, itsTask: Task | undefined, context: InferenceContext) =>
        rank(dataPlane, other, itsTask, asked, { maxConcurrentRequests }, context);
      const ranked = await ask(version, task, call);
      const answer = comparablePredictions(dataPlane, bestOf(ranked), request.body.length, async (...other) =>
        bestOf(await ask(...other)),
      );
      const best = ranked.slice(0, count);
      const items = texts.length;
      if (isTei) {
        const body = best.map(({ index, score }) => ({ index, score, ...(hasText && { text: texts[index] }) }));
        return { body, items, answer };
      }
      const results = best.map(({ index, score, isTruncated }) => ({
        index,
        relevance_score: score,
        ...(hasText && { document: { text: texts[index] } }),
        ...(isTruncated && { truncated: true }),
      }));
      const tokens = ranked.reduce((sum, each) => sum + each.tokens, 0);
      const usage = { prompt_tokens: tokens, total_tokens: tokens };
      return { body: { id: request.requestId, model, results, usage }, items, answer };
    });
  };
}

/** Which text is best, by its place: that is what an answer is compared by. */
function bestOf([best]: readonly Ranked[]): readonly unknown[] {
  return best ? [String(best.index)] : [];
}
