import type { Sound } from '../../ports/sound.ts';
import { shownJson } from '../shown-json.ts';
import type { Task } from '../tasks/task.ts';
import type { Players } from './players.ts';
import { spanEdges } from './span-edges.ts';
import { stepsTo } from './steps-to.ts';
import { wrongBaseline } from './wrong-baseline.ts';

/**
 * Spans of a sound as players: one that is left out is silence. Undefined for a task that takes no sound. Rejects with
 * 400 for another baseline, and for what is no sound.
 */
export async function spanPlayers(
  task: Task,
  file: Uint8Array,
  spans: number | undefined,
  baseline: unknown,
): Promise<Players | undefined> {
  const way = await stepsTo(task, file, 'sound');
  if (!way) return undefined;
  if (baseline !== undefined && baseline !== 'silence')
    throw wrongBaseline(`of sounds it is silence, got ${shownJson(baseline)}`);
  const { value: sound } = way;
  const { length, sampleRate } = sound;
  const edges = spanEdges(length, spans);
  const count = edges.length - 1;
  return {
    count,
    baseline: 'silence',
    rows: 1,
    varies: edges.slice(0, -1).map((from, at) => !isSilent(sound, from, edges[at + 1] as number)),
    shown: edges.slice(0, -1).map((edge, at) => ({ start: edge / sampleRate, end: (edges[at + 1] ?? 0) / sampleRate })),
    inputs: async (present) => [await way.rest(silenced(sound, edges, present))],
  };
}

/** A second is read after the other, as a whole span may be much. */
function isSilent({ sampleRate, read }: Sound, from: number, to: number): boolean {
  for (let at = from; at < to; at += sampleRate)
    if (read(at, Math.min(sampleRate, to - at)).some((sample) => sample !== 0)) return false;
  return true;
}

/** A sound with silence in the spans that are left out, made as it is read. */
function silenced(sound: Sound, edges: readonly number[], present: Uint8Array): Sound {
  return {
    ...sound,
    read: (start, count) => {
      const samples = sound.read(start, count);
      for (const [at, there] of present.entries()) {
        if (there === 1) continue;
        const [from, to] = [(edges[at] as number) - start, (edges[at + 1] as number) - start];
        if (to > 0 && from < count) samples.fill(0, Math.max(0, from), to);
      }
      return samples;
    },
  };
}
