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
  /** The numbers in it. */
  readonly data?: object;
}

export interface EventsPage {
  readonly events: readonly OpenAiObject[];
  readonly hasMore: boolean;
}

/** How `train` says what came of a pass. */
const pass = /^pass (\d+) of \d+ at most: loss ([^,]+)(?:, of rows to stop by (.+))?$/;

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
      { field: 'after' },
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
  const shown = left.slice(0, limit).map(({ event: { at, message, level, data }, number }) => {
    const measured = data ?? losses(message);
    return {
      id: idOf(number),
      object: 'fine_tuning.job.event',
      created_at: at,
      level: level ?? levels.find(([beginning]) => beginning.test(message))?.[1] ?? 'info',
      message,
      type: measured ? 'metrics' : 'message',
      data: measured ?? {},
    };
  });
  return { events: shown, hasMore: left.length > limit };
}

function losses(message: string): object | undefined {
  const [, epoch, loss, validation] = pass.exec(message) ?? [];
  if (epoch === undefined) return undefined;
  const valid = validation === undefined ? {} : { full_valid_loss: Number(validation) };
  return { epoch: Number(epoch), train_loss: Number(loss), ...valid };
}

function endOf(found: FoundModelJob): readonly Told[] {
  const { report } = found.state;
  if (!report) return [];
  const at = unixSeconds(report.finishedAt);
  if (report.status === 'cancelled') return [{ at, message: 'The job was cancelled' }];
  if (report.status !== 'completed') return [{ at, message: `The job failed: ${report.reason}`, level: 'error' }];
  const made = fineTuningObject(found).fine_tuned_model;
  const { metrics } = Object(report.result) as { readonly metrics?: object };
  const message = `The job has successfully completed; the new model is ${made}`;
  return [{ at, message, ...(metrics && { data: metrics }) }];
}
