import type { Run } from '../../ports/session.ts';
import { joinRows } from '../../protocol/join-rows.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { Padding } from './padding.ts';
import type { WaitingRequest } from './waiting-request.ts';

/** One run over the rows of all requests, which can share it, one request's after another's. */
export function joinRequests(requests: readonly WaitingRequest[], padding: Padding): Run {
  const [{ run }] = requests as [WaitingRequest];
  if (requests.length === 1) return run;
  const all = padding.isEmpty ? requests.map((request) => request.run.inputs) : padded(requests, padding);
  const inputs = run.inputs.map((_input, index) => joinRows(all.map((each) => each[index]) as [Tensor]));
  const { stays: _, ...whole } = run;
  // Each request's rows are cut out of what the processor has.
  return { ...whole, inputs };
}

function padded(requests: readonly WaitingRequest[], padding: Padding): readonly (readonly Tensor[])[] {
  const sizes = requests.map(({ run }) => padding.sizes(run));
  const most = (sizes[0] ?? []).map((_size, index) => Math.max(...sizes.map((each) => each[index] as number)));
  return requests.map(({ run }) => padding.pad(run, most));
}
