import type { FoundModelJob } from '../../core/model-jobs/model-job-desk.ts';
import type { JobEvents } from '../../core/model-jobs/run-files.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { OpenAiObject } from '../batches/openai-object.ts';
import type { Page } from '../batches/page-of.ts';
import { unixSeconds } from '../unix-seconds.ts';
import { fineTuningObject } from './fine-tuning-object.ts';

interface Told {
  readonly at: number;
  readonly message: string;
  readonly level?: 'error';
}

export interface EventsPage {
  readonly events: readonly OpenAiObject[];
  readonly hasMore: boolean;
}

const levels: readonly (readonly [beginning: RegExp, level: string])[] = [
  [/^(error|gate): /, 'error'],
  [/^(note|warning): /, 'warn'],
];

/**
 * Events of a job, the newest first, as OpenAI's API shows them: that it was taken, begun and ended, and between these
 * what it said. All are found in the job's files, and numbered from its beginning, so that an event has the same id
 * whenever it is asked for. Throws ServiceError 400 for `after` an event that it cannot have.
 */
export function fineTuningEvents(
  found: FoundModelJob,
  { events, dropped }: JobEvents,
  { after, limit }: Page,
): EventsPage {
  const { job, state } = found;
  const idOf = (number: number) => `ftevent-${job.id}-${number}`;
  const before = after === undefined ? Number.POSITIVE_INFINITY : Number(after.slice(idOf(0).length - 1));
  if (after !== undefined && (!Number.isSafeInteger(before) || idOf(before) !== after))
    throw new ServiceError(
      400,
      `parameter 'after': expected the id of an event of ${job.id}, got '${after.slice(0, 100)}'`,
    );
  const begun: readonly Told[] = [
    { at: job.createdAt, message: `Created fine-tuning job: ${job.id}` },
    ...(state.start ? [{ at: unixSeconds(state.start.at), message: 'Fine-tuning job started' }] : []),
  ];
  const later: readonly Told[] = [...events, ...endOf(found)];
  const numbered = [
    ...begun.map((event, index) => ({ event, number: index + 1 })),
    ...later.map((event, index) => ({ event, number: begun.length + dropped + index + 1 })),
  ];
  const left = numbered.filter(({ number }) => number < before).toReversed();
  const shown = left.slice(0, limit).map(({ event: { at, message, level }, number }) => ({
    id: idOf(number),
    object: 'fine_tuning.job.event',
    created_at: at,
    level: level ?? levels.find(([beginning]) => beginning.test(message))?.[1] ?? 'info',
    message,
    type: 'message',
    data: {},
  }));
  return { events: shown, hasMore: left.length > limit };
}

function endOf(found: FoundModelJob): readonly Told[] {
  const { report } = found.state;
  if (!report) return [];
  const at = unixSeconds(report.finishedAt);
  if (report.status === 'cancelled') return [{ at, message: 'The job was cancelled' }];
  if (report.status !== 'completed') return [{ at, message: `The job failed: ${report.reason}`, level: 'error' }];
  const made = fineTuningObject(found).fine_tuned_model;
  return [{ at, message: `The job has successfully completed; the new model is ${made}` }];
}
