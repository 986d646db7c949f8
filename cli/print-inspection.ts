import type { Batching } from '../src/core/batching/batching-of.ts';
import type { OnnxSummary } from '../src/graph/onnx-summary.ts';
import type { UnservableOutput } from '../src/ports/session.ts';
import type { TensorSpec } from '../src/protocol/tensor-spec.ts';
import { bytesText } from './bytes-text.ts';
import { describeSpec } from './describe-spec.ts';
import { grouped } from './grouped.ts';
import { printFacts } from './print-facts.ts';

interface Inspection extends OnnxSummary {
  readonly path: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly unservable: readonly UnservableOutput[];
  readonly batchable: { readonly possible: boolean; readonly reason: string };
  readonly sharesRuns: Batching;
  readonly estimatedMemoryBytes: number;
}

/** Prints what `inspect` found, a line for each fact. */
export function printInspection(found: Inspection): void {
  const pairs = (record: Readonly<Record<string, number>>, sign: string) =>
    Object.entries(record)
      .map(([name, value]) => `${name}${sign}${value}`)
      .join(', ');
  const lines: [string, string][] = [
    ['file', found.path],
    ['producer', found.producer || 'not said'],
    ['opset', pairs(found.opsets, ' ')],
    ...found.inputs.map((spec): [string, string] => ['input', describeSpec(spec)]),
    ...found.outputs.map((spec): [string, string] => ['output', describeSpec(spec)]),
    ...found.unservable.map(({ name, reason }): [string, string] => ['not served', `${name}: ${reason}`]),
    ['operators', pairs(found.operators, ' × ')],
    ['parameters', `${grouped(found.parameters)} (${bytesText(found.weightBytes)})`],
    ['external data', found.externalData.join(', ') || 'none'],
    ['batchable', `${found.batchable.possible ? 'yes' : 'no'}: ${found.batchable.reason}`],
    ['shares runs', found.sharesRuns.isOn ? 'yes: each row is answered for itself' : `no: ${found.sharesRuns.whyNot}`],
    ['memory', `about ${bytesText(found.estimatedMemoryBytes)} (an estimate)`],
  ];
  printFacts(lines);
}
