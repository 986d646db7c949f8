import type { InputTensor, OutputTensor } from '../../protocol/inference.ts';
import { joinRows } from '../../protocol/join-rows.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { checkAsked } from '../check-asked.ts';
import type { InferenceContext } from '../inference-context.ts';
import { noTimes } from '../no-times.ts';
import { nextTurn } from '../pace/next-turn.ts';
import type { Windows } from './windows.ts';

// Short runs are made without a turn of the event loop between them, and others have to have theirs.
const windowsInATurn = 16;

/**
 * Runs windows one after the other, each with the state that the one before it left, and gives the rows of all outputs
 * but the state. The times of the context become those of all runs. Rejects as `run`, and with 504 once the context's
 * deadline passed or its caller left.
 */
export async function runWindows(
  windows: Windows,
  run: (inputs: readonly InputTensor[]) => Promise<readonly OutputTensor[]>,
  context: InferenceContext,
): Promise<readonly OutputTensor[]> {
  let state = windows.beginning() as readonly Tensor[];
  const rows = new Map<string, [Tensor, ...Tensor[]]>();
  const total = noTimes();
  for (let index = 0; index < windows.count; index += 1) {
    if (index % windowsInATurn === 0) await nextTurn();
    checkAsked(context);
    const kept = windows.state.map(({ input }, place) => ({ ...(state[place] as Tensor), name: input }));
    const outputs = await run([...windows.at(index), ...kept]);
    state = windows.state.map(({ output }) => outputs.find(({ name }) => name === output) as Tensor);
    for (const output of outputs) {
      if (windows.state.some((each) => each.output === output.name)) continue;
      const before = rows.get(output.name);
      if (before) before.push(output);
      else rows.set(output.name, [output]);
    }
    total.queueMs += context.times.queueMs;
    total.inferMs += context.times.inferMs;
  }
  Object.assign(context.times, { queueMs: total.queueMs, inferMs: total.inferMs });
  return [...rows].map(([name, tensors]) => ({ ...joinRows(tensors), name }));
}
