import type { OnnxModel } from './onnx-model.ts';
import { visitModel } from './visit-model.ts';

/** The names of values in a model, in all of its graphs, so that what a pass adds has names of its own. */
export class Names {
  readonly #taken = new Set<string>();

  /** Without a model, nothing has a name yet. */
  constructor(model?: OnnxModel) {
    if (!model) return;
    visitModel(model, {
      graph: ({ inputs, initializers }) => {
        for (const { name } of inputs) this.#taken.add(name);
        for (const name of initializers.keys()) this.#taken.add(name);
      },
      node: ({ inputs, outputs }) => {
        for (const name of [...inputs, ...outputs]) this.#taken.add(name);
      },
    });
  }

  /** `wanted`, or where a value has that name already, `wanted` with a number behind it. */
  fresh(wanted: string): string {
    let name = wanted;
    for (let count = 1; this.#taken.has(name); count += 1) name = `${wanted}_${count}`;
    this.#taken.add(name);
    return name;
  }
}
