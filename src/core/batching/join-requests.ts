import type { Run } from '../../ports/session.ts';
import { joinRows } from '../../protocol/join-rows.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { WaitingRequest } from './waiting-request.ts';

/** One run over the rows of all requests, which can share it, one request's after another's. */
export function joinRequests(requests: readonly WaitingRequest[]): Run {
  const [{ run }] = requests as [WaitingRequest];
  if (requests.length === 1) return run;
  const inputs = run.inputs.map((_input, index) =>
    joinRows(requests.map((request) => request.run.inputs[index]) as [Tensor]),
  );
  return { ...run, inputs };
}
