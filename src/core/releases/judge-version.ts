import type { Clock } from '../../ports/clock.ts';
import type { GateConfig } from '../../ports/model-store.ts';
import type { Run, Session } from '../../ports/session.ts';
import type { DecodeLimits } from '../../protocol/decode-limits.ts';
import { checkSample } from './check-sample.ts';
import { type ComparedLatency, compareLatency } from './compare-latency.ts';
import type { GateReport } from './gate-report.ts';
import type { Sample } from './sample.ts';
import { sampleRun } from './sample-run.ts';
import { schemaBreaks } from './schema-breaks.ts';

export interface Judged {
  readonly session: Session;
  /** The version that it replaces; undefined where there is none. */
  readonly before: Session | undefined;
  /** Of the version's `samples.jsonl`; undefined where it has none. */
  readonly samples: readonly Sample[] | undefined;
  /** What is run for the latency where there are no samples. */
  readonly trial: Run;
}

interface Means {
  readonly gate: GateConfig;
  readonly limits: DecodeLimits;
  readonly clock: Clock;
}

const timedSamples = 16;
// Of runs as short as this the ratio is that of what else the machine does.
const leastSlowerMs = 0.1;

/**
 * Whether a version may take the place of another: it can be called as that one, answers its samples as expected, and
 * is not much slower.
 */
export async function judgeVersion({ session, before, samples, trial }: Judged, means: Means): Promise<GateReport> {
  const { gate, limits } = means;
  const breaks = before ? schemaBreaks(before, session) : [];
  const failures = breaks.map((reason) => `callers of the version before cannot use it: ${reason}`);
  const notes: string[] = [];
  let difference = 0;
  for (const sample of samples ?? []) {
    const found = await checkSample(session, sample, gate.tolerance, limits);
    if (found.failure !== undefined) failures.push(found.failure);
    difference = Math.max(difference, found.difference);
  }
  if (!samples && gate.requireSamples) failures.push('it has no samples.jsonl, which gate.requireSamples asks for');
  else if (!samples) notes.push('it has no samples.jsonl: its answers were not looked at');
  const report = { failures, notes, samples: samples?.length ?? 0, difference };
  if (!before) {
    notes.push('it replaces no version: schema, latency and metrics were not compared');
    return report;
  }
  if (gate.latencyRatio === 0 || failures.length > 0) return report;
  const runs = samples ? samples.slice(0, timedSamples).map((sample) => sampleRun(session, sample, limits)) : [trial];
  const isSlower = ({ ms, beforeMs }: ComparedLatency) =>
    ms > beforeMs * gate.latencyRatio && ms - beforeMs > leastSlowerMs;
  const latency = await compareLatency(session, before, runs, means.clock, isSlower);
  const { ms, beforeMs } = latency;
  if (isSlower(latency))
    failures.push(
      `a run takes ${ms.toFixed(2)} ms, ${(ms / beforeMs).toFixed(2)} times the ${beforeMs.toFixed(2)} ms of the version before; gate.latencyRatio is ${gate.latencyRatio}`,
    );
  return { ...report, latency };
}
