import type { ExplainHost } from '../../core/explain/explain-host.ts';
import { readExplainParameters } from '../../core/explain/read-explain-parameters.ts';
import { refuseUnexplained } from '../../core/explain/refuse-unexplained.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ExchangeAccess } from '../../ports/exchange.ts';
import type { Limits } from '../../settings.ts';
import { answerRecord } from '../answer-record.ts';
import { InferCall } from '../infer-call.ts';
import { jsonResponse } from '../json-response.ts';
import { chosenInPath } from '../predict/chosen-in-path.ts';
import { noTask } from '../predict/no-task.ts';
import { refuseQuery } from '../predict/refuse-query.ts';
import { stageTimings } from '../predict/stage-timings.ts';
import { roundedMs } from '../rounded-ms.ts';
import type { Handler } from '../router.ts';
import { readSubject } from './read-subject.ts';
import { readTensors } from './read-tensors.ts';

/** The parts of the service that explanations take. */
export interface ExplainParts extends ExplainHost {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly exchange?: ExchangeAccess | undefined;
}

/**
 * `POST /v2/models/{model}/explain` takes tensors, `POST /v1/explain/{model}` an item of the model's task; both answer
 * what parts of it had which part in the model's answer.
 *
 * It counts as one inference in the audit log and in usage, with as many items as rows were run. It does not in the
 * model's statistics, by which canaries and alarms judge how long an answer takes.
 */
export function explainRoute(takes: 'tensors' | 'item', parts: ExplainParts): Handler {
  const { dataPlane, clock, limits, exchange } = parts;
  return async (request, path) => {
    const chosen = chosenInPath(dataPlane.releases, path, request);
    const { version } = chosen;
    refuseQuery(request);
    const call = new InferCall(request, clock);
    const { times, received } = call;
    try {
      call.begin({ parameters: {}, inputs: [] }, false);
      await dataPlane.signature(version, call);
      refuseUnexplained(version);
      if (takes === 'item' && !version.task) throw noTask(version, 'explain');
      const { subject, parameters } =
        takes === 'item' && version.task
          ? await readSubject(request, version.task, exchange, () => call.signal())
          : readTensors(request, limits);
      times.inputMs = clock.now() - received - times.loadMs;
      const options = readExplainParameters(parameters);
      // Loaded as the first is asked for: what a cold start loads counts.
      const { explain } = await import('../../core/explain/explain.ts');
      const explanation = await explain({ host: parts, version, subject, options, context: call });
      const body = {
        ...namesOf(takes, version.name, String(version.version)),
        ...(version.task && { task: version.task.name }),
        ...explanation,
        timings_ms: { ...stageTimings(times), total: roundedMs(clock.now() - received) },
      };
      return {
        ...jsonResponse(body),
        ...answerRecord(call, chosen, explanation.evaluations),
      };
    } finally {
      call.end();
    }
  };
}

/** As the other answers of either interface have them. */
function namesOf(takes: 'tensors' | 'item', model: string, version: string): object {
  return takes === 'item' ? { model, version } : { model_name: model, model_version: version };
}
