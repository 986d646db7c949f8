import type { OpenSession, Session } from '../../src/ports/session.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import type { TensorSpec } from '../../src/protocol/tensor-spec.ts';
import { floatTensor } from './float-tensor.ts';

export type Numbers = readonly number[];

/** What a model of a test does: by the numbers of its inputs, those of its outputs. */
export type Work = (
  inputs: Readonly<Record<string, Numbers>>,
  signal?: AbortSignal,
) => Promise<Record<string, Numbers>>;

interface Model {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly work: Work;
}

/** Opens sessions over FP32 of the models that a test names. */
export class NamedSessions {
  readonly #models = new Map<string, Model>();
  /** Names of models in the order in which their runs began, but for warm-ups. */
  readonly began: string[] = [];
  isWarm = false;

  /** A model whose inputs and outputs are FP32 [-1, 2] where nothing else is said. */
  define(
    name: string,
    inputs: readonly (string | TensorSpec)[],
    outputs: readonly (string | TensorSpec)[],
    work: Work,
  ): void {
    this.#models.set(name, { inputs: inputs.map(specOf), outputs: outputs.map(specOf), work });
  }

  readonly open: OpenSession = async (path) => {
    const name = path.split('/')[1] as string;
    const { inputs, outputs, work } = this.#models.get(name) as Model;
    const run: Session['run'] = async (run, signal) => {
      if (this.isWarm) this.began.push(name);
      const numbers = run.inputs.map((tensor, index) => [run.inputNames[index], numbersOf(tensor as FixedTensor)]);
      const answer = this.isWarm ? await work(Object.fromEntries(numbers), signal) : {};
      return run.outputNames.map((output) => {
        const values = answer[output] ?? [0, 0];
        return floatTensor([values.length / 2, 2], values);
      });
    };
    return { inputs, outputs, unservable: [], run, release: async () => undefined };
  };
}

function specOf(spec: string | TensorSpec): TensorSpec {
  return typeof spec === 'string' ? { name: spec, datatype: 'FP32', shape: [-1, 2] } : spec;
}

function numbersOf({ data }: FixedTensor): Numbers {
  return [...new Float32Array(data.slice().buffer)];
}
