import { mkdirSync } from 'node:fs';
import { writeOnnxModel } from '../../src/adapters/onnx-files/write-onnx-model.ts';
import { backPropagate } from '../../src/graph/gradient/back-propagate.ts';
import { builtModel } from '../../src/graph/gradient/built-model.ts';
import { forwardGraph } from '../../src/graph/gradient/forward-graph.ts';
import { gradientRules } from '../../src/graph/gradient/gradient-rules.ts';
import { wayBack } from '../../src/graph/gradient/way-back.ts';
import type { OnnxModel } from '../../src/graph/onnx-model.ts';
import { readModel } from '../../src/graph/read-model.ts';
import type { Run, Session } from '../../src/ports/session.ts';
import type { FixedTensor } from '../../src/protocol/tensor.ts';
import { bytesAccess } from '../../test/fakes/bytes-access.ts';
import { buildOnnx, type OnnxTensor } from '../../test/fakes/onnx-builder.ts';
import type { BenchRow } from '../bench-row.ts';
import { onOneThread } from '../factory/on-one-thread.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';
import { medianRatio } from '../median-ratio.ts';
import { type RuleExample, ruleExample } from '../train/rule-example.ts';

const folder = '.cache/bench/gradients';
const [rounds, msAtOnce] = [9, 10];

/**
 * How long each operator that has a gradient takes, and how much longer with its gradients by all of its values: a row
 * for each rule, without aims.
 */
export async function* benchGradients(): AsyncGenerator<BenchRow> {
  mkdirSync(folder, { recursive: true });
  for (const op of Object.keys(gradientRules)) yield await benchRule(op);
}

async function benchRule(op: string): Promise<BenchRow> {
  const example = ruleExample(op);
  const { values } = example;
  const { forward, whole } = await modelsOf(example);
  const [ahead, both] = [await opened(forward, `${op}.onnx`), await opened(whole, `${op}-gradients.onnx`)];
  const [y] = (await ahead.run(runOf(ahead, values))) as [FixedTensor];
  const seed = { ...y, name: 'seed', data: y.data.slice() };
  const runs = [await filledRun(ahead, runOf(ahead, values)), await filledRun(both, runOf(both, [...values, seed]))];
  const [alone = [], together = []] = await inTurns(
    rounds,
    () => timed(ahead, runs[0] as Run),
    () => timed(both, runs[1] as Run),
  );
  await Promise.all([ahead.release(), both.release()]);
  const back = together.map((ms, round) => ms - (alone[round] ?? 0));
  return {
    what: `the gradient of ${op}`,
    against: `${op} of ${values.map(({ shape }) => shape.join('×')).join(' and ')}`,
    measured: medianRatio(back, alone),
    unit: '×',
    figures: `${median(back).toFixed(3)} / ${median(alone).toFixed(3)} ms`,
  };
}

/** The operator alone, and with what goes back through it. */
async function modelsOf({ node, values, constants }: RuleExample): Promise<Record<'forward' | 'whole', OnnxModel>> {
  const inputs = values.map(({ name, datatype, shape }) => ({ name, datatype, shape }));
  const outputs = [{ name: 'y', datatype: node.op === 'Cast' ? ('FP64' as const) : ('FP32' as const) }];
  const bytes = buildOnnx({ inputs, outputs, nodes: [node], initializers: constants, opset: 20 });
  const forward = await readModel(bytesAccess(bytes));
  const { graph, inputs: asked } = forwardGraph(forward, 'y', () => false);
  graph.declare('seed', graph.type('y'));
  const names = values.map(({ name }) => name);
  const gradients = backPropagate(graph, wayBack(graph, 'y', names), 'seed');
  // One that is the seed itself costs nothing.
  const found = new Set(['y', ...gradients.values()].filter((name) => name !== 'seed'));
  const results = Array.from(found, (name) => graph.value(name));
  return { forward, whole: builtModel(graph, [...asked, graph.value('seed')], results, forward) };
}

async function opened(model: OnnxModel, file: string): Promise<Session> {
  const path = `${folder}/${file}`;
  await writeOnnxModel(model, path);
  return onOneThread(path);
}

/** Of the tensors, those that the model asks for. */
function runOf({ inputs, outputs }: Session, tensors: readonly (OnnxTensor | (FixedTensor & { name: string }))[]): Run {
  const inputNames = inputs.map(({ name }) => name);
  const given = inputNames.map((wanted) => tensors.find(({ name }) => name === wanted) as FixedTensor);
  return { inputNames, inputs: given, outputNames: outputs.map(({ name }) => name) };
}

/** The same run, whose outputs have their memory. */
async function filledRun(session: Session, run: Run): Promise<Run> {
  const outputs = (await session.run(run)) as readonly FixedTensor[];
  return { ...run, into: outputs.map((output) => ({ ...output, data: output.data.slice() })) };
}

/** The least milliseconds of a run: other work of the machine only adds to it. */
async function timed(session: Session, run: Run): Promise<number> {
  const end = performance.now() + msAtOnce;
  let least = Number.POSITIVE_INFINITY;
  for (let before = performance.now(); before < end; ) {
    await (session.runSync?.(run) ?? session.run(run));
    const after = performance.now();
    least = Math.min(least, after - before);
    before = after;
  }
  return least;
}
