import type { ChosenVersion } from '../../core/canary/chosen-version.ts';
import type { ComparableAnswer } from '../../core/canary/comparable-answer.ts';
import type { DataPlane } from '../../core/data-plane.ts';
import type { Task } from '../../core/tasks/task.ts';
import type { Clock } from '../../ports/clock.ts';
import { answerRecord } from '../answer-record.ts';
import type { HttpResponse } from '../http-message.ts';
import type { InferCall } from '../infer-call.ts';
import { jsonResponse } from '../json-response.ts';

/** What a task's answer is made of: its JSON, and how many items it is about. */
export interface TaskAnswer {
  readonly body: object;
  readonly items: number;
  /** What the model said, and how another version is asked the same. */
  readonly answer?: ComparableAnswer;
}

/**
 * Answers a call with what `work` makes of a version's task, which is undefined where it has none. The version is
 * loaded for it if need be, and has the call in its statistics once, as a success or a failure.
 */
export async function answerTask(
  dataPlane: DataPlane,
  clock: Clock,
  call: InferCall,
  chosen: ChosenVersion,
  work: (task: Task | undefined) => Promise<TaskAnswer>,
): Promise<HttpResponse> {
  const { times, received } = call;
  const { version } = chosen;
  try {
    call.begin({ parameters: {}, inputs: [] }, false);
    await dataPlane.signature(version, call);
    const { body, items, answer } = await work(version.task);
    chosen.succeeded(times, items, chosen.isWatched ? answer : undefined);
    return {
      ...jsonResponse(body),
      ...answerRecord(call, chosen, items),
    };
  } catch (error) {
    chosen.failed(clock.now() - received, error);
    throw error;
  } finally {
    call.end();
  }
}
