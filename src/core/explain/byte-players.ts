import { allocateBytes } from '../../protocol/allocate-bytes.ts';
import type { FixedTensor } from '../../protocol/tensor.ts';
import { shownJson } from '../shown-json.ts';
import type { ItemInputs, PlacedBytes } from '../tasks/flow.ts';
import type { Players } from './players.ts';
import { spanEdges, usualSpans } from './span-edges.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/** Bytes of a file, the last not included. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Spans of the bytes that the model takes of a file as players, about as long as each other: where one is left out, the
 * model's input has what stands for no byte. Undefined where it takes no bytes. Throws 400 for another baseline.
 *
 * @param parts how many, about
 */
export function bytePlayers(inputs: ItemInputs, parts: number | undefined, baseline: unknown): Players | undefined {
  const { bytes } = inputs;
  if (!bytes) return undefined;
  if (baseline !== undefined && baseline !== 'padding')
    throw wrongBaseline(`of files it is padding, got ${shownJson(baseline)}`);
  const tensor = inputs.tensors[0] as FixedTensor & { readonly name: string };
  const spans = spansOf(bytes, parts);
  const places = spans.map((span) => placesOf(span, bytes));
  const values = new Int32Array(tensor.data.buffer, tensor.data.byteOffset, tensor.data.length / 4);
  return {
    count: spans.length,
    baseline: `the padding, ${bytes.padding}, in place of bytes`,
    rows: 1,
    varies: places.map((runs) =>
      runs.some(([from, to]) => values.subarray(from, to).some((value) => value !== bytes.padding)),
    ),
    shown: spans.map(({ start, end }) => ({ start, end })),
    inputs: async (present) => {
      const data = allocateBytes(tensor.data.length);
      const left = new Int32Array(data.buffer, data.byteOffset, values.length);
      left.set(values);
      for (const [span, runs] of places.entries())
        if (present[span] !== 1) for (const [from, to] of runs) left.fill(bytes.padding, from, to);
      return [{ ...inputs, tensors: [{ ...tensor, data }] }];
    },
  };
}

function spansOf({ runs }: PlacedBytes, parts = usualSpans): readonly Span[] {
  const ranges = joined(runs.filter(({ start, end }) => end > start));
  const read = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  return ranges.flatMap(({ start, end }) => {
    const edges = spanEdges(end - start, Math.max(1, Math.round((parts * (end - start)) / read)));
    return edges.slice(1).map((edge, at) => ({ start: start + (edges[at] as number), end: start + edge }));
  });
}

/** What lies in runs, in the file's order, each byte once. */
function joined(runs: readonly Span[]): readonly Span[] {
  const ranges: Span[] = [];
  for (const { start, end } of runs.toSorted((one, other) => one.start - other.start)) {
    const last = ranges.at(-1);
    if (last && start <= last.end) ranges[ranges.length - 1] = { start: last.start, end: Math.max(last.end, end) };
    else ranges.push({ start, end });
  }
  return ranges;
}

/** From where to where bytes lie in the tensor. */
function placesOf({ start, end }: Span, { runs }: PlacedBytes): readonly (readonly [from: number, to: number])[] {
  return runs.flatMap((run) => {
    const [from, to] = [Math.max(start, run.start), Math.min(end, run.end)];
    return from < to ? [[run.at + from - run.start, run.at + to - run.start] as const] : [];
  });
}
