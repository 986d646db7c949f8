import { comparablePredictions } from '../../core/canary/comparable-predictions.ts';
import type { DataPlane } from '../../core/data-plane.ts';
import type { InferenceContext } from '../../core/inference-context.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import { givesVectors } from '../../core/tasks/gives-vectors.ts';
import { predict } from '../../core/tasks/predict.ts';
import type { Task } from '../../core/tasks/task.ts';
import { taskWords } from '../../core/tasks/task-words.ts';
import type { Clock } from '../../ports/clock.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Limits } from '../../settings.ts';
import { InferCall } from '../infer-call.ts';
import { jsonBody } from '../json-body.ts';
import { answerTask } from '../predict/answer-task.ts';
import type { Handler } from '../router.ts';
import { floatsInBase64 } from './floats-in-base64.ts';
import { modelOf } from './model-of.ts';
import { nameIn } from './name-in.ts';
import { readEmbeddingsRequest } from './read-embeddings-request.ts';

/**
 * `POST /v1/embeddings`, in OpenAI's shapes: a vector for each text, of a model with the task feature-extraction. A
 * text that is too long is refused, or cut where `truncate` says so, and its object has `truncated` then.
 *
 * Every request counts once in its version's statistics, as a success or a failure.
 */
export function embeddingsRoute(dataPlane: DataPlane, clock: Clock, { maxConcurrentRequests }: Limits): Handler {
  return async (request) => {
    const call = new InferCall(request, clock);
    const { times, received } = call;
    const { model, items, isBase64, dimensions } = readEmbeddingsRequest(jsonBody(request));
    request.caller?.check('infer', nameIn(model));
    const chosen = modelOf(dataPlane.releases, model, request);
    const { version } = chosen;
    return answerTask(dataPlane, clock, call, chosen, async (task) => {
      if (!task || !givesVectors(task)) throw otherTask(version);
      times.inputMs = clock.now() - received - times.loadMs;
      const ask = (asked: ModelVersion, itsTask: Task, context: InferenceContext) =>
        predict(dataPlane, asked, itsTask, items, { dimensions, maxConcurrentRequests }, context);
      const predicted = await ask(version, task, call);
      const data = predicted.map(({ prediction, isTruncated }, index) => {
        const vector = prediction as readonly number[];
        // A task of other steps than the usual ones may not cut.
        if (dimensions !== undefined && dimensions !== vector.length) throw otherDimensions(dimensions, vector.length);
        const embedding = isBase64 ? floatsInBase64(vector) : vector;
        return { object: 'embedding', index, embedding, ...(isTruncated && { truncated: true }) };
      });
      const tokens = predicted.reduce((sum, each) => sum + each.tokens, 0);
      const usage = { prompt_tokens: tokens, total_tokens: tokens };
      const answer = comparablePredictions(
        dataPlane,
        predicted.map(({ prediction }) => prediction),
        request.body.length,
        async (...asked) => (await ask(...asked)).map(({ prediction }) => prediction),
      );
      return { body: { object: 'list', data, model, usage }, items: items.length, answer };
    });
  };
}

function otherTask(version: ModelVersion): ServiceError {
  const message = `${taskWords(version)}: embeddings are of models with {"task": "feature-extraction"}`;
  return new ServiceError(400, message, { field: 'model' });
}

function otherDimensions(asked: number, given: number): ServiceError {
  return new ServiceError(
    400,
    `field 'dimensions': the model gives vectors of ${given} numbers, and no shorter ones; got ${asked}`,
    { field: 'dimensions' },
  );
}
