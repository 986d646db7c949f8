import { comparablePredictions } from '../../core/canary/comparable-predictions.ts';
import type { DataPlane } from '../../core/data-plane.ts';
import type { InferenceContext } from '../../core/inference-context.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import { systemTimers } from '../../core/system-timers.ts';
import { type Predicted, predict } from '../../core/tasks/predict.ts';
import { similarities } from '../../core/tasks/similarities.ts';
import type { Task } from '../../core/tasks/task.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ExchangeAccess } from '../../ports/exchange.ts';
import type { Limits } from '../../settings.ts';
import { InferCall } from '../infer-call.ts';
import { roundedMs } from '../rounded-ms.ts';
import type { Handler } from '../router.ts';
import { answerTask } from './answer-task.ts';
import { chosenInPath } from './chosen-in-path.ts';
import { isForText } from './is-for-text.ts';
import { noTask } from './no-task.ts';
import { predictText } from './predict-text.ts';
import { readItems } from './read-items.ts';
import { refuseQuery } from './refuse-query.ts';
import { stageTimings } from './stage-timings.ts';

/**
 * `POST /v1/predict/…`: items in the form of the model's task, and what the model says of each.
 *
 * Every request that names a version, and has no query, counts once in its statistics, as a success or a failure.
 */
export function predictRoute(
  dataPlane: DataPlane,
  clock: Clock,
  { maxConcurrentRequests }: Limits,
  exchange?: ExchangeAccess,
): Handler {
  return async (request, parameters) => {
    const chosen = chosenInPath(dataPlane.releases, parameters, request);
    const { version } = chosen;
    refuseQuery(request);
    const call = new InferCall(request, clock);
    if (await isForText(dataPlane, clock, chosen, call)) {
      call.end();
      return predictText({ dataPlane, clock, timers: systemTimers }, request, chosen, exchange);
    }
    const { times, received } = call;
    return answerTask(dataPlane, clock, call, chosen, async (task) => {
      if (!task) throw noTask(version, 'infer');
      const { items, counts, ...wanted } = await readItems(request, task, exchange, () => call.signal());
      times.inputMs = clock.now() - received - times.loadMs;
      const ask = async (asked: ModelVersion, itsTask: Task, context: InferenceContext) => {
        const each = await predict(dataPlane, asked, itsTask, items, { ...wanted, maxConcurrentRequests }, context);
        return similarities(each, counts);
      };
      const predicted = await ask(version, task, call);
      const predictions = predicted.map(({ prediction }) => prediction);
      const body = {
        model: version.name,
        version: String(version.version),
        task: task.name,
        predictions,
        ...truncatedOf(predicted),
        timings_ms: { ...stageTimings(times), total: roundedMs(clock.now() - received) },
      };
      const answer = comparablePredictions(dataPlane, predictions, request.body.length, async (...asked) =>
        (await ask(...asked)).map(({ prediction }) => prediction),
      );
      return { body, items: items.length, answer };
    });
  };
}

/** Which items were cut. */
function truncatedOf(predicted: readonly Predicted[]): { readonly truncated?: readonly number[] } {
  const truncated = predicted.flatMap(({ isTruncated }, index) => (isTruncated ? index : []));
  return truncated.length > 0 ? { truncated } : {};
}
