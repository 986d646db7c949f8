import type { OpenSession, Run } from '../../src/ports/session.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import { floatTensor } from './float-tensor.ts';

/** Opens sessions that add each input to their state, and answer the sum. */
export class AddingSessions {
  readonly runs: Run[] = [];
  readonly released: string[] = [];
  /** The next run waits for this where a test sets it. */
  gate: Promise<unknown> = Promise.resolve();
  fails = false;
  /** Elements that the state grows by. */
  growth = 0;

  readonly open: OpenSession = async (path) => ({
    inputs: [
      { name: 'x', datatype: 'FP32', shape: [-1, 1] },
      { name: 's', datatype: 'FP32', shape: [1, -1] },
    ],
    outputs: [
      { name: 'y', datatype: 'FP32', shape: [-1, 1] },
      { name: 'sN', datatype: 'FP32', shape: [-1, -1] },
    ],
    unservable: [],
    run: async (run) => {
      await this.gate;
      this.runs.push(run);
      if (this.fails) throw new Error('failed');
      const [x, s] = ['x', 's'].map((name) => numbers(run.inputs[run.inputNames.indexOf(name)] as FixedTensor));
      const sums = (x as number[]).map((value, index) => value + (s?.[index] ?? 0));
      const grown = [...sums, ...new Array(this.growth).fill(0)];
      const outputs = { y: floatTensor([sums.length, 1], sums), sN: floatTensor([1, grown.length], grown) };
      return run.outputNames.map((name) => outputs[name as 'y']);
    },
    release: async () => void this.released.push(path),
  });
}

function numbers({ data }: FixedTensor): number[] {
  return [...new Float32Array(data.slice().buffer)];
}
