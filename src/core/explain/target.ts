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

/**
 * The score that was asked for, by its name or its place, or else the highest. What is a name and a place as a text is
 * the name. Throws 400 for a class that there is not.
 */
export function targetOf(
  asked: string | number | undefined,
  scores: readonly number[],
  labels: readonly string[] | undefined,
): Target {
  const index = asked === undefined ? largestPlace(scores) : placeOf(asked, labels);
  if (index < 0 || index >= scores.length) throw noSuch(asked, scores.length, labels);
  const label = labels?.[index];
  return { index, ...(label !== undefined && { label }) };
}

function placeOf(asked: string | number, labels: readonly string[] | undefined): number {
  if (typeof asked === 'number') return asked;
  const named = labels?.indexOf(asked) ?? -1;
  return named < 0 && /^\d+$/.test(asked) ? Number(asked) : named;
}

function noSuch(asked: unknown, count: number, labels: readonly string[] | undefined): ServiceError {
  const names = labels?.slice(0, mostNames).map((label) => `'${label}'`);
  const known = names ? `${names.join(', ')}${(labels?.length ?? 0) > mostNames ? ', …' : ''}, or ` : '';
  const named = !names && typeof asked === 'string' ? "; 'labels' in model.json gives places names" : '';
  return new ServiceError(
    400,
    `parameter 'target': expected ${known}a place from 0 to ${count - 1}, got ${shownJson(asked)}${named}`,
    { field: 'target' },
  );
}
