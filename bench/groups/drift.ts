import { BaselineRows } from '../../src/core/drift/baseline-rows.ts';
import { DriftSketch } from '../../src/core/drift/drift-sketch.ts';
import type { ObservedRun } from '../../src/core/drift/observed-run.ts';
import { seededRandom } from '../../src/core/seeded-random.ts';
import { countElements } from '../../src/protocol/count-elements.ts';
import type { Tensor } from '../../src/protocol/tensor.ts';
import type { BenchRow } from '../bench-row.ts';
import { inTurns } from '../in-turns.ts';
import { median } from '../median.ts';

const runs = 2000;
const random = seededRandom();

/** What it adds to a run that its tensors are counted for drift. */
export async function* benchDrift(): AsyncGenerator<BenchRow> {
  for (const [what, most, run] of [
    ['4 numbers in, 4 out', 0.015, () => runOf([1, 4], [1, 4])],
    ['a picture of 3 × 224 × 224 in, 1,000 classes out', 0.1, () => runOf([1, 3, 224, 224], [1, 1000])],
  ] as const) {
    const rows = new BaselineRows(500);
    while (!rows.isFull) rows.add(run());
    const sketch = new DriftSketch(rows.baseline({ id: '', model: '', version: 1, madeAt: '', from: '' }));
    const shown = Array.from({ length: 20 }, run);
    // The first rounds are for the code to be compiled.
    const [times = []] = await inTurns(15, () => perRun(sketch, shown));
    const measured = median(times.slice(5));
    yield {
      what: `drift, a run counted: ${what}`,
      against: 'nothing',
      measured,
      unit: 'ms',
      target: { atMost: most },
      figures: `${(1000 * measured).toFixed(1)} µs`,
    };
  }
}

function perRun(sketch: DriftSketch, shown: readonly ObservedRun[]): number {
  const started = performance.now();
  for (let i = 0; i < runs; i += 1) sketch.add(shown[i % shown.length] as ObservedRun);
  return (performance.now() - started) / runs;
}

function runOf(input: readonly number[], output: readonly number[]): ObservedRun {
  return { inputNames: ['x'], inputs: [tensorOf(input)], outputNames: ['y'], outputs: [tensorOf(output)] };
}

function tensorOf(shape: readonly number[]): Tensor {
  const elements = countElements(shape);
  return { datatype: 'FP32', shape, data: new Uint8Array(Float32Array.from({ length: elements }, random).buffer) };
}
