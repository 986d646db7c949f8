import type { InputRecord, RecordFields } from '../../ports/record-format.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import { shownJson } from '../shown-json.ts';

/** A line of a job of requests. */
export interface RequestItem {
  readonly customId: string;
  /** Path of an infer request. */
  readonly url: string;
  /** JSON. */
  readonly body: string;
}

const names = ['custom_id', 'method', 'url', 'body'];

/** What is read of each line. */
export const requestFields: RecordFields = { inputs: [], kept: names };

/**
 * Reads a line of a batch for `endpoint` as OpenAI's Batch API has it. Throws ServiceError 400 that says what is wrong;
 * `customId` is told where there is one.
 */
export function requestItem(record: InputRecord, endpoint: string, tellId: (customId: string) => void): RequestItem {
  const { kept } = record.decode();
  const [customId, method, url, body] = kept.map((json) => json && JSON.parse(json)) as unknown[];
  if (typeof customId !== 'string' || customId === '') throw wrong('custom_id', 'a string that is not empty', customId);
  tellId(customId);
  if (method !== 'POST') throw wrong('method', '"POST"', method);
  if (url !== endpoint) throw wrong('url', `the batch's endpoint, ${JSON.stringify(endpoint)}`, url);
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw wrong('body', 'an object', body);
  return { customId, url: endpoint, body: kept[3] as string };
}

function wrong(name: string, expected: string, got: unknown): ServiceError {
  return new ServiceError(400, `field '${name}': expected ${expected}, got ${shownJson(got)}`);
}
