import { type ComparedMetrics, compareMetrics } from '../src/core/releases/compare-metrics.ts';
import type { GateReport } from '../src/core/releases/gate-report.ts';
import { judgeVersion } from '../src/core/releases/judge-version.ts';
import type { ModelStore, StoredModel } from '../src/ports/model-store.ts';
import { defaultLimits } from '../src/settings.ts';
import { measuredVersion } from './measured-version.ts';
import { measuredWords } from './measured-words.ts';
import { openVersion } from './open-version.ts';
import { readSamples } from './read-samples.ts';
import { trialRunOf } from './trial-run-of.ts';

/**
 * What the gate finds of a version that is to replace another, if there is one. What keeps it from being judged is a
 * failure; never rejects for that.
 */
export async function runGate(
  store: ModelStore,
  { name, config, versionNotes, problem }: StoredModel,
  version: number,
  replaced: number | undefined,
): Promise<GateReport> {
  const deprecated = versionNotes[version]?.deprecated;
  const early = [
    // Of settings that cannot be read nobody knows what gate they ask for.
    ...(problem === undefined ? [] : [problem]),
    ...(deprecated === undefined ? [] : [`it is deprecated: ${deprecated}`]),
  ];
  const open = await openVersion(store, name, version).catch((error: Error) => error);
  if (open instanceof Error) return failed([...early, open.message]);
  // One that does not load any more can only be replaced by a better one.
  const before = replaced === undefined ? undefined : await openVersion(store, name, replaced).catch(() => undefined);
  const measured = (each: number) => measuredVersion(store, name, each);
  try {
    const samples = await readSamples(store, name, version);
    const { session } = open;
    const trial = trialRunOf(session, config.warmupShapes);
    const means = { gate: config.gate, limits: defaultLimits, clock: performance };
    const report = await judgeVersion({ session, before: before?.session, samples, trial }, means);
    const compared = before && compareMetrics(await measured(before.version), await measured(version));
    return {
      ...report,
      failures: [...early, ...worseWords(compared), ...report.failures],
      notes: [...report.notes, ...(compared?.notes ?? [])],
      ...(compared && { metrics: compared.measures }),
    };
  } catch (error) {
    return failed([...early, (error as Error).message]);
  } finally {
    await open.session.release();
    await before?.session.release();
  }
}

function failed(failures: readonly string[]): GateReport {
  return { failures, notes: [], samples: 0, difference: 0 };
}

function worseWords(compared: ComparedMetrics | undefined): readonly string[] {
  if (!compared) return [];
  const { measures, refusal } = compared;
  if (refusal !== undefined) return [refusal];
  const worse = measures.filter(({ decides, verdict }) => decides && verdict === 'worse').map(measuredWords);
  return worse.map(({ title, was, is }) => `its ${title} is ${is}, worse than that of the version before, ${was}`);
}
