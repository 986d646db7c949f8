import type { DataPlane } from '../../core/data-plane.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import type { Task } from '../../core/tasks/task.ts';
import { tokensOf } from '../../core/tokens-of.ts';
import type { Clock } from '../../ports/clock.ts';
import type { HttpResponse } from '../http-message.ts';
import type { InferCall } from '../infer-call.ts';
import { jsonResponse } from '../json-response.ts';
import { serverTiming } from '../server-timing.ts';

/** What a task's answer is made of: its JSON, and how many items it is about. */
export interface TaskAnswer {
  readonly body: object;
  readonly items: number;
}

/**
 * Answers a call with what `work` makes of a version's task, which is undefined where it has none. The version is loaded for it
 * if need be, and has the call in its statistics once, as a success or a failure.
 */
export async function answerTask(
  dataPlane: DataPlane,
  clock: Clock,
  call: InferCall,
  version: ModelVersion,
  work: (task: Task | undefined) => Promise<TaskAnswer>,
): Promise<HttpResponse> {
  const { times, received } = call;
  try {
    call.begin({ parameters: {}, inputs: [] }, false);
    await dataPlane.signature(version, call);
    const { body, items } = await work(version.task);
    version.statistics.succeeded(times, items);
    return {
      ...jsonResponse(body),
      timing: serverTiming(times),
      stages: { receivedMs: received, times },
      served: { model: version.name, version: String(version.version), items, ...tokensOf(call) },
    };
  } catch (error) {
    version.statistics.failed(clock.now() - received, error);
    throw error;
  } finally {
    call.end();
  }
}
