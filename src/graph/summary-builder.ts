import { describeType } from './describe-type.ts';
import { malformed } from './malformed.ts';
import { onnxElementTypes } from './onnx-element-types.ts';
import type { OnnxMessage } from './onnx-message.ts';
import type { OnnxSummary, OnnxTensor, OnnxValue } from './onnx-summary.ts';

const largestKept = 5;
const streamed: ReadonlySet<string> = new Set(['node', 'attribute', 'graph', 'function', 'tensor', 'sparse']);

/** Adds up what a walk over an ONNX file passes. */
export class SummaryBuilder {
  readonly #operators = new Map<string, number>();
  readonly #external = new Map<string, number>();
  readonly #initializerNames = new Set<string>();
  readonly #initializers = { count: 0, parameters: 0, bytes: 0 };
  readonly #constants = { count: 0, parameters: 0, bytes: 0 };
  #largest: OnnxTensor[] = [];
  #graph: OnnxMessage | undefined;
  #model: OnnxMessage | undefined;

  /** Takes a message that has ended; returns whether the one around it keeps it. */
  readonly closed = (message: OnnxMessage, around: readonly OnnxMessage[]): boolean => {
    if (message.kind === 'node') this.#node(message);
    else if (message.kind === 'tensor') this.#tensor(message, around);
    else if (message.kind === 'graph' && around.length === 1) this.#graph = message;
    else if (message.kind === 'model') this.#model = message;
    return !streamed.has(message.kind);
  };

  #node(node: OnnxMessage): void {
    const domain = node.text(7);
    const name = domain === '' || domain === 'ai.onnx' ? node.text(4) : `${domain}.${node.text(4)}`;
    this.#operators.set(name, (this.#operators.get(name) ?? 0) + 1);
  }

  #tensor(message: OnnxMessage, around: readonly OnnxMessage[]): void {
    const tensor = describe(message);
    const location = message.messages(13).find((entry) => entry.text(1) === 'location');
    if (message.number(14) === 1 && location) {
      this.#external.set(location.text(2), (this.#external.get(location.text(2)) ?? 0) + tensor.bytes);
    }
    const isPart = around.at(-1)?.kind === 'sparse';
    if (isPart && message.field !== 1) return;
    const holder = around.at(isPart ? -2 : -1);
    const isInitializer = holder?.kind === 'graph';
    if (isInitializer && holder === around[1]) this.#initializerNames.add(tensor.name);
    const total = isInitializer ? this.#initializers : this.#constants;
    total.count += 1;
    total.parameters += tensor.shape.reduce((product, size) => product * size, 1);
    total.bytes += tensor.bytes;
    if (this.#largest.length < largestKept || tensor.bytes > (this.#largest.at(-1)?.bytes ?? 0)) {
      this.#largest = [...this.#largest, tensor].sort((a, b) => b.bytes - a.bytes).slice(0, largestKept);
    }
  }

  /** The summary. Throws an Error where there was no graph. */
  build(): OnnxSummary {
    const model = this.#model;
    const graph = this.#graph;
    if (!model || !graph) throw malformed('it has no graph');
    return {
      irVersion: model.number(1),
      producer: `${model.text(2)} ${model.text(3)}`.trim(),
      opsets: opsets(model),
      inputs: graph
        .messages(11)
        .map(value)
        .filter(({ name }) => !this.#initializerNames.has(name)),
      outputs: graph.messages(12).map(value),
      initializers: this.#initializers,
      constants: this.#constants,
      largest: this.#largest,
      externalData: [...this.#external].map(([location, bytes]) => ({ location, bytes })),
      operators: Object.fromEntries([...this.#operators].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))),
      metadata: Object.fromEntries(model.messages(14).map((entry) => [entry.text(1), entry.text(2)])),
    };
  }
}

function describe(message: OnnxMessage): OnnxTensor {
  const name = message.text(8);
  const shape = message.numbersOf(1);
  const elements = shape.reduce((product, size) => product * size, 1);
  if (!Number.isSafeInteger(elements) || shape.some((size) => size < 0)) {
    throw malformed(`the shape [${shape.slice(0, 8)}] of tensor '${name.slice(0, 100)}' fits in no file`);
  }
  const [datatype, bits] = onnxElementTypes[message.number(2)] ?? ['unknown', 0];
  return { name, datatype, shape, bytes: bits === 0 ? message.dataBytes : Math.ceil((elements * bits) / 8) };
}

function value(message: OnnxMessage): OnnxValue {
  return { name: message.text(1), ...describeType(message.messages(2)[0]) };
}

/** Some converters list a domain twice. */
function opsets(model: OnnxMessage): OnnxSummary['opsets'] {
  const versions = new Map(model.messages(8).map((opset) => [opset.text(1) || 'ai.onnx', opset.number(2)]));
  return [...versions].map(([domain, version]) => ({ domain, version }));
}
