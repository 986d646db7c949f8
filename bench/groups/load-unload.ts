import { buildOnnx } from '../../test/fakes/onnx-builder.ts';
import type { BenchRow } from '../bench-row.ts';
import { layersGraph } from '../models/layers-graph.ts';
import { storeModel } from '../models/store-model.ts';
import { Child } from '../processes/child.ts';

const times = 500;
const size = 1120;

/** How much memory is kept after 500 loads and unloads of a model of 20 MB, against the first 50. */
export async function* benchLoadUnload(): AsyncGenerator<BenchRow> {
  const content = buildOnnx(layersGraph([size, size, size, size, size]));
  const model = storeModel('load-unload', content, { name: 'x', datatype: 'FP32', shape: [1, size] }, 'y');
  const child = new Child(process.execPath, [
    'bench/processes/load-unload-loop.ts',
    JSON.stringify(model),
    String(times),
  ]);
  const megabytes = JSON.parse(await child.next(/^(\[.*\])$/)) as number[];
  // The most of ten, as one can come just before or after a collection.
  const [settled, last] = [Math.max(...megabytes.slice(40, 50)), Math.max(...megabytes.slice(-10))];
  yield {
    what: `memory after ${times} loads and unloads of ${(model.bytes / 1e6).toFixed(0)} MB`,
    against: 'memory after 50',
    measured: last / settled,
    unit: '×',
    target: { atMost: 1.05 },
    figures: `${last.toFixed(1)} / ${settled.toFixed(1)} MB`,
  };
}
