import type { InputRecord, Shard } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { collectInParallel } from '../batch/collect-in-parallel.ts';
import { HeldLines } from '../batch/held-lines.ts';
import { runShard, type ShardFiles } from '../batch/run-shard.ts';
import { type RequestItem, requestItem } from './request-item.ts';

/** What a request was answered with. */
export interface RequestAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/** Answers a request as the service would, failures too. Rejects where the job was ended. */
export type AnswerRequest = (item: RequestItem, id: string) => Promise<RequestAnswer>;

/** A shard of requests, how many of them are answered at once, and by whom. */
export interface AnswerWork extends ShardFiles {
  /** The path that all of them have. */
  readonly endpoint: string;
  readonly answer: AnswerRequest;
  readonly runsAtOnce: number;
}

interface Line {
  readonly text: string;
  readonly isAnswer: boolean;
}

const encoder = new TextEncoder();

/**
 * Answers the requests of a shard, one a line, in order: those that succeeded in its part, all others in its errors.
 * See `runShard`.
 */
export function answerShard(work: AnswerWork, shard: Shard): Promise<void> {
  return runShard(work, shard, 'jsonl', async () => {
    const lines = new HeldLines();
    const take = () => lines.take();
    return {
      window: async (records) => {
        const found = await collectInParallel(records, work.runsAtOnce, (record) => answerOne(work, record));
        lines.add(...bytes(found.filter(({ isAnswer }) => isAnswer)));
        const errors = bytes(found.filter(({ isAnswer }) => !isAnswer));
        return { answered: found.length - errors.length, errors };
      },
      take,
      end: take,
    };
  });
}

async function answerOne({ plan, endpoint, answer }: AnswerWork, record: InputRecord): Promise<Line> {
  const id = `batch_req_${plan.job.replace(/^batch_/, '')}_${record.number}`;
  let customId: string | null = null;
  let item: RequestItem;
  try {
    item = requestItem(record, endpoint, (told) => {
      customId = told;
    });
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const told = { code: 'invalid_request', message: error.message };
    const line = { id, custom_id: customId, response: null, error: told };
    return { text: JSON.stringify(line), isAnswer: false };
  }
  const { status, body } = await answer(item, id);
  const head = JSON.stringify({ id, custom_id: customId });
  const response = `{"status_code":${status},"request_id":${JSON.stringify(id)},"body":${body}}`;
  return { text: `${head.slice(0, -1)},"response":${response},"error":null}`, isAnswer: status < 300 };
}

function bytes(lines: readonly Line[]): Uint8Array[] {
  return lines.map(({ text }) => encoder.encode(`${text}\n`));
}
