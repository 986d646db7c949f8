import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { openModel } from '../../../cli/open-model.ts';
import { casesOfSource } from '../../../src/core/factory/cases-of-source.ts';
import { type JudgingMeans, judgeConversion } from '../../../src/core/factory/judge-conversion.ts';
import type { Task } from '../../../src/core/factory/task.ts';
import type { Sample } from '../../../src/core/releases/sample.ts';
import { sampleRun } from '../../../src/core/releases/sample-run.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import type { Session } from '../../../src/ports/session.ts';
import { defaultLimits } from '../../../src/settings.ts';
import { GraphBuilder } from '../../fakes/graph-builder.ts';
import { buildOnnx, type OnnxGraph, type OnnxValue } from '../../fakes/onnx-builder.ts';

jest.setTimeout(60_000);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorgate-planted-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fp32 = (name: string, ...shape: (number | string)[]): OnnxValue => ({ name, datatype: 'FP32', shape });
const lossy: JudgingMeans = { clock: performance, tolerance: undefined, latencyRatio: 0, unverified: false };
const lossless: JudgingMeans = { ...lossy, tolerance: 1e-3 };
let models = 0;

/** Puts a graph together, and writes its file. */
async function model(
  inputs: readonly OnnxValue[],
  outputs: readonly OnnxValue[],
  build: (graph: GraphBuilder) => unknown,
  more: Partial<OnnxGraph> = {},
): Promise<string> {
  const graph = new GraphBuilder();
  build(graph);
  models += 1;
  const path = join(folder, `${models}.onnx`);
  await writeFile(path, buildOnnx({ inputs, outputs, nodes: graph.nodes, initializers: graph.initializers, ...more }));
  return path;
}

/** Rows of random numbers, as samples of the input `x`. */
function rows(count: number, ...sizes: readonly number[]): readonly Sample[] {
  const random = seededRandom(7);
  return Array.from({ length: count }, (_row, index) => {
    const columns = sizes[index % sizes.length] as number;
    const x = [Array.from({ length: columns }, () => 2 * random() - 1)];
    return { where: `samples.jsonl line ${index + 1}`, inputs: { x }, outputs: {} };
  });
}

/** What the gate finds of `converted` beside `source`. */
async function judged(
  source: string,
  converted: string,
  samples: readonly Sample[],
  means: JudgingMeans,
  task?: (session: Session) => Promise<Task>,
) {
  const session = await openModel(source, 'source');
  try {
    const runs = samples.map((sample) => ({
      where: sample.where,
      run: sampleRun(session, sample, defaultLimits),
    }));
    const trial = sampleRun(session, rows(1, 4)[0] as Sample, defaultLimits);
    return await judgeConversion(
      {
        open: () => openModel(converted, 'converted'),
        from: { source: session, cases: casesOfSource(session, runs), trial },
        task: await task?.(session),
      },
      means,
    );
  } finally {
    await session.release();
  }
}

const names = ({ findings }: Awaited<ReturnType<typeof judged>>) => findings.map(({ name }) => name);

/** A classifier of four numbers; `scale` is that of a grid its weights are rounded to. */
function classifier(scale = 0, change: (graph: GraphBuilder, scores: string) => string = (_graph, scores) => scores) {
  return model([fp32('x', 'N', 4)], [fp32('y', 'N', 3)], (graph) => {
    const values = graph.randoms(12, 1).map((value) => (scale === 0 ? value : Math.round(value / scale) * scale));
    const scores = graph.node('MatMul', ['x', graph.floats(values, [4, 3])]);
    graph.node('Softmax', [change(graph, scores)], { axis: 1 }, 'y');
  });
}

describe('a good conversion passes', () => {
  test('with what was measured', async () => {
    const report = await judged(await classifier(), await classifier(0.001), rows(400, 4), lossy);
    expect(report).toEqual({
      findings: [],
      notes: [],
      samples: 400,
      outputs: {
        y: {
          kind: 'classes',
          largest: expect.closeTo(0.0004, 3),
          agreement: { part: expect.any(Number), of: 400, share: expect.any(Number), atLeast: expect.any(Number) },
          leastCosine: expect.closeTo(1, 4),
        },
      },
    });
    expect(report.outputs.y?.agreement?.share).toBeGreaterThan(0.99);
    expect(report.outputs.y?.agreement?.atLeast).toBeLessThan(report.outputs.y?.agreement?.share as number);
  });

  test('a quicker one too', async () => {
    const chain = (turns: number) =>
      model([fp32('x', 'N', 4)], [fp32('y', 'N', 4)], (graph) => {
        const wide = graph.node('MatMul', ['x', graph.weight(4, 256)]);
        let last = wide;
        for (let turn = 0; turn < turns; turn += 1) last = graph.node('MatMul', [last, graph.weight(256, 256)]);
        // What the long way comes to counts for nothing.
        const nothing = graph.node('Mul', [graph.node('ReduceSum', [last, graph.wholes([1])]), graph.number(0)]);
        graph.node('Add', ['x', nothing], {}, 'y');
      });
    const [long, short] = [await chain(8), await chain(1)];
    const means = { ...lossless, latencyRatio: 0.9 };
    expect(names(await judged(long, short, rows(8, 4), means))).toEqual([]);
    const slower = await judged(short, long, rows(8, 4), means);
    expect(slower.findings).toEqual([
      { name: 'no-gain', words: expect.stringMatching(/^a run takes .* of the source's .* expected 0\.9 at most$/) },
    ]);
  });
});

describe('planted conversions are refused by name', () => {
  test('a swapped input', async () => {
    const between = (a: string, b: string) =>
      model([fp32('x', 'N', 4), fp32('z', 'N', 4)], [fp32('y', 'N', 4)], (graph) => graph.node('Sub', [a, b], {}, 'y'));
    const samples = rows(5, 4).map((sample) => ({ ...sample, inputs: { ...sample.inputs, z: [[1, 2, 3, 4]] } }));
    const session = await openModel(await between('x', 'z'), 'source');
    const runs = samples.map((sample) => ({
      where: sample.where,
      run: sampleRun(session, sample, defaultLimits),
    }));
    const from = { source: session, cases: casesOfSource(session, runs), trial: (runs[0] as (typeof runs)[0]).run };
    const swapped = await between('z', 'x');
    const report = await judgeConversion({ open: () => openModel(swapped, 'converted'), from }, lossless);
    await session.release();
    expect(report.findings[0]).toMatchObject({
      name: 'other-answers',
      words: expect.stringMatching(/^output 'y' \[\d\] is .*, expected .*, off by .* of 0\.001 allowed$/),
      where: expect.stringMatching(/^samples\.jsonl line \d$/),
    });
  });

  test('a dropped free dimension: declared, and hidden in the graph', async () => {
    const fixed = await model([fp32('x', 1, 4)], [fp32('y', 1, 4)], (graph) => graph.node('Neg', ['x'], {}, 'y'));
    const free = await model([fp32('x', 'N', 4)], [fp32('y', 'N', 4)], (graph) => graph.node('Neg', ['x'], {}, 'y'));
    const hidden = await model([fp32('x', 'N', 4)], [fp32('y', 'N', 4)], (graph) => {
      const shape = graph.node('Shape', ['x']);
      // In a way that the runtime does not see through, or it would declare [1, 4] itself.
      const one = graph.node('Mul', [graph.node('Div', [shape, shape]), graph.wholes([1, 4])]);
      graph.node('Reshape', [graph.node('Neg', ['x']), one], {}, 'y');
    });
    expect((await judged(free, fixed, rows(3, 4), lossless)).findings).toEqual([
      { name: 'lost-free-dimension', words: "input 'x' is [1,4], expected [-1,4], -1 being any size" },
      { name: 'lost-free-dimension', words: "output 'y' is [1,4], expected [-1,4], -1 being any size" },
    ]);
    const { findings } = await judged(free, hidden, rows(3, 4), lossless);
    expect(findings[0]).toMatchObject({ name: 'lost-free-dimension', where: "dimension 0 of 'x' at 2" });
    expect(findings[1]).toMatchObject({ name: 'lost-free-dimension', where: "dimension 0 of 'x' at 3" });
  });

  test('a wrong base score, by the answers of another framework', async () => {
    const trees = (base: number) =>
      model([fp32('x', 'N', 4)], [fp32('y', 'N', 1)], (graph) => {
        const sum = graph.node('ReduceSum', ['x', graph.wholes([1])]);
        graph.node('Add', [sum, graph.number(base)], {}, 'y');
      });
    const samples = rows(20, 4).map((sample) => {
      const [x = []] = sample.inputs.x as readonly (readonly number[])[];
      return { ...sample, outputs: { y: [[x.reduce((sum, value) => sum + value, 0.25)]] } };
    });
    const judge = async (path: string) =>
      judgeConversion({ open: () => openModel(path, 'converted'), from: { samples, limits: defaultLimits } }, lossless);
    expect((await judge(await trees(0.25))).findings).toEqual([]);
    expect((await judge(await trees(0.75))).findings).toEqual([
      {
        name: 'other-answers',
        words: expect.stringMatching(/^output 'y' \[0\] is .*, expected .*, off by 0\.5\d* of 0\.001 allowed$/),
        where: expect.stringMatching(/^samples\.jsonl line \d+$/),
      },
    ]);
  });

  test('FP16 that does not load', async () => {
    const half = new Uint8Array(Uint16Array.from({ length: 12 }, () => 0x3c00).buffer);
    const broken = await model(
      [fp32('x', 'N', 4)],
      [fp32('y', 'N', 3)],
      (graph) => graph.node('MatMul', ['x', 'w'], {}, 'y'),
      { initializers: [{ name: 'w', datatype: 'FP16', shape: [4, 3], data: half }] },
    );
    const { findings } = await judged(await classifier(), broken, rows(3, 4), lossy);
    expect(findings).toEqual([
      { name: 'does-not-load', words: expect.stringContaining('converted cannot be loaded: ') },
    ]);
  });

  test('weights in so few steps that points are lost, with and without labels', async () => {
    const [good, coarse] = [await classifier(), await classifier(0.5)];
    const { findings } = await judged(good, coarse, rows(400, 4), lossy);
    expect(findings).toEqual([
      {
        name: 'lost-points',
        words: expect.stringMatching(
          /^output 'y': \d+ of 400, \d\d\.\d % \(at least \d\d\.\d %\) agree with the source, expected 98\.5 %$/,
        ),
        where: expect.stringMatching(/^samples\.jsonl line \d+$/),
      },
    ]);
    const best = (data: Float32Array) => data.indexOf(Math.max(...data));
    const classOf: Task['classOf'] = ({ data }) =>
      best(new Float32Array((data as Uint8Array).slice().buffer as ArrayBuffer));
    const right = async (session: Session): Promise<Task> => {
      const labels: number[] = [];
      for (const sample of rows(400, 4)) {
        const [answer] = await session.run(sampleRun(session, sample, defaultLimits));
        labels.push(classOf(answer as never));
      }
      return { output: 'y', labels, classOf };
    };
    const report = await judged(good, coarse, rows(400, 4), lossy, right);
    expect(report.findings[0]?.words).toMatch(
      /^\d+\.\d\d points of accuracy are lost \(95 %: \d+\.\d\d to \d+\.\d\d\), expected 0\.5 at most; \d+ of 400, /,
    );
    expect(report.task).toMatchObject({ sourceAccuracy: { part: 400 }, lossPoints: expect.any(Number) });
    // Labels that say nothing: where as many are lost as won, none is.
    const random = seededRandom();
    const blind = async () => ({ output: 'y', labels: rows(400, 4).map(() => Math.floor(3 * random()) + 3), classOf });
    expect(names(await judged(good, coarse, rows(400, 4), lossy, blind))).toEqual([]);
  });

  test('NaN for long input, in the samples and beyond them', async () => {
    const input = [fp32('x', 'N', 'S')];
    const mean = (graph: GraphBuilder) => graph.node('ReduceMean', ['x'], { axes: [1], keepdims: 1 });
    const output = [fp32('y', 'N', 1)];
    const good = await model(input, output, (graph) => graph.node('Identity', [mean(graph)], {}, 'y'));
    const bad = await model(input, output, (graph) => {
      const length = graph.node('Cast', [graph.node('Shape', ['x'], { start: 1, end: 2 })], { to: 1 });
      const left = graph.node('Sqrt', [graph.node('Sub', [graph.number(9), length])]);
      graph.node('Add', [mean(graph), graph.node('Mul', [left, graph.number(0)])], {}, 'y');
    });
    const inSamples = await judged(good, bad, rows(6, 3, 4, 12), lossy);
    expect(inSamples.findings[0]).toEqual({
      name: 'not-a-number',
      words: "output 'y' [0] is NaN",
      where: 'samples.jsonl line 3',
    });
    const beyond = await judged(good, bad, rows(6, 3, 6), lossy);
    expect(beyond.findings).toEqual([
      { name: 'not-a-number', words: "output 'y' [0] is NaN", where: "dimension 1 of 'x' at 12" },
    ]);
  });

  test('a renamed output, another datatype, another input', async () => {
    const neg = (input: string, output: string) =>
      model([fp32(input, 'N', 4)], [fp32(output, 'N', 4)], (graph) => graph.node('Neg', [input], {}, output));
    const source = await neg('x', 'y');
    expect((await judged(source, await neg('x', 'scores'), rows(2, 4), lossy)).findings).toEqual([
      { name: 'other-outputs', words: "output 'y' is gone; the outputs are scores" },
      { name: 'other-outputs', words: "output 'scores' is new: the source has no such output" },
    ]);
    expect(names(await judged(source, await neg('z', 'y'), rows(2, 4), lossy))).toEqual([
      'other-inputs',
      'other-inputs',
    ]);
    const double = await model([fp32('x', 'N', 4)], [{ ...fp32('y', 'N', 4), datatype: 'FP64' }], (graph) =>
      graph.node('Cast', [graph.node('Neg', ['x'])], { to: 11 }, 'y'),
    );
    expect((await judged(source, double, rows(2, 4), lossy)).findings).toEqual([
      { name: 'other-datatype', words: "output 'y' is FP64, expected FP32" },
    ]);
  });

  test('answers that depend on what else is in their batch', async () => {
    const with10th = (of: (graph: GraphBuilder) => string) =>
      model([fp32('x', 'N', 4)], [fp32('y', 'N', 4)], (graph) =>
        graph.node('Add', ['x', graph.node('Mul', [of(graph), graph.number(0.1)])], {}, 'y'),
      );
    const alone = await with10th(() => 'x');
    const leaking = await with10th((graph) => graph.node('ReduceMean', ['x'], { axes: [0], keepdims: 1 }));
    for (const samples of [rows(6, 4), rows(1, 4)]) {
      const report = await judged(alone, leaking, samples, lossy);
      expect(report.findings).toEqual([
        { name: 'batch-leak', words: expect.stringContaining(' in a batch and '), where: expect.any(String) },
      ]);
    }
    // What the source does itself is not the conversion's fault.
    expect(names(await judged(leaking, leaking, rows(6, 4), lossy))).toEqual([]);
  });

  test('what may lose something without samples, unless that is said', async () => {
    const [source, converted] = [await classifier(), await classifier(0.001)];
    expect(names(await judged(source, converted, [], lossy))).toEqual(['unverified']);
    const report = await judged(source, converted, [], { ...lossy, unverified: true });
    expect(report).toMatchObject({ findings: [], notes: ['there are no samples: only random values were tried'] });
    expect(names(await judged(source, await classifier(0.5), [], lossless))).toContain('other-answers');
  });
});
