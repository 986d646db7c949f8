import type { SessionOutput } from '../../ports/session.ts';
import { rowsOf } from '../../protocol/rows-of.ts';
import type { Padding } from './padding.ts';
import type { WaitingRequest } from './waiting-request.ts';

/**
 * To each request its rows of what a run gave for all of them; undefined where an output has not as many rows as the
 * inputs, which rows that are answered each for itself have.
 */
export function shareOutputs(
  requests: readonly WaitingRequest[],
  outputs: readonly SessionOutput[],
  padding: Padding,
): readonly (readonly SessionOutput[])[] | undefined {
  if (requests.length === 1) return [outputs];
  const rows = requests.reduce((sum, request) => sum + request.rows, 0);
  if (outputs.some((output) => output.shape[0] !== rows)) return undefined;
  let from = 0;
  return requests.map((request) => {
    const shares = outputs.map((output) => rowsOf(output, from, from + request.rows));
    from += request.rows;
    return padding.isEmpty ? shares : padding.cut(request.run, shares);
  });
}
