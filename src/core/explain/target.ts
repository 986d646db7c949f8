import { ServiceError } from '../../protocol/service-error.ts';
import { largestPlace } from '../largest-place.ts';
import { shownJson } from '../shown-json.ts';

/** The number of an answer that is explained. */
export interface Target {
  readonly index: number;
  readonly label?: string;
}

/** Names that a message has at most. */
const mostNames = 20;

/** The score that was asked for, or else the highest. Throws 400 for a class that there is not. */
export function targetOf(
  asked: string | number | undefined,
  scores: readonly number[],
  labels: readonly string[] | undefined,
): Target {
  const index =
    asked === undefined ? largestPlace(scores) : typeof asked === 'number' ? asked : (labels?.indexOf(asked) ?? -1);
  if (index < 0 || index >= scores.length) throw noSuch(asked, scores.length, labels);
  const label = labels?.[index];
  return { index, ...(label !== undefined && { label }) };
}

function noSuch(asked: unknown, count: number, labels: readonly string[] | undefined): ServiceError {
  const names = labels?.slice(0, mostNames).map((label) => `'${label}'`);
  const known = names ? `${names.join(', ')}${(labels?.length ?? 0) > mostNames ? ', …' : ''}, or ` : '';
  return new ServiceError(
    400,
    `parameter 'target': expected ${known}a place from 0 to ${count - 1}, got ${shownJson(asked)}`,
    { field: 'target' },
  );
}
