import { namesRead } from './names-read.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-model.ts';

/** Who makes and who reads each value of a graph. */
export class GraphLinks {
  /** Initializers, and tensors of Constant nodes, by name. */
  readonly constants: ReadonlyMap<string, OnnxTensor>;
  readonly #makers = new Map<string, OnnxNode>();
  readonly #readers = new Map<string, OnnxNode[]>();
  readonly #outputs: ReadonlySet<string>;

  constructor({ nodes, initializers, outputs }: OnnxGraph) {
    const constants = new Map(initializers);
    for (const node of nodes) {
      const value = node.opType === 'Constant' ? node.attributes.get('value') : undefined;
      if (value?.kind === 'tensor') constants.set(node.outputs[0] as string, value.value);
      for (const name of node.outputs) this.#makers.set(name, node);
      for (const name of namesRead(node)) {
        const readers = this.#readers.get(name) ?? [];
        this.#readers.set(name, readers);
        readers.push(node);
      }
    }
    this.constants = constants;
    this.#outputs = new Set(outputs.map(({ name }) => name));
  }

  /** The node whose output it is; undefined of an input or constant of the graph. */
  maker(name: string | undefined): OnnxNode | undefined {
    return this.constants.has(name ?? '') ? undefined : this.#makers.get(name ?? '');
  }

  /** The nodes that read it; undefined where callers see it too. */
  readers(name: string): readonly OnnxNode[] | undefined {
    return this.#outputs.has(name) ? undefined : (this.#readers.get(name) ?? []);
  }
}
