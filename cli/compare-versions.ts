import { type ComparedMetrics, compareMetrics } from '../src/core/releases/compare-metrics.ts';
import { type AnswerDifference, compareSessions } from '../src/core/releases/compare-sessions.ts';
import { medianTimes } from '../src/core/releases/median-times.ts';
import { sampleRun } from '../src/core/releases/sample-run.ts';
import { type Schema, schemaBreaks } from '../src/core/releases/schema-breaks.ts';
import type { ModelStore, StoredModel } from '../src/ports/model-store.ts';
import type { Run } from '../src/ports/session.ts';
import { defaultLimits } from '../src/settings.ts';
import { measuredVersion } from './measured-version.ts';
import { type OpenedVersion, openVersion } from './open-version.ts';
import { readSamples } from './read-samples.ts';
import { trialRunOf } from './trial-run-of.ts';

/** A version, beside another. */
interface ComparedVersion extends Schema {
  readonly version: number;
  readonly bytes: number;
  readonly opsets: Readonly<Record<string, number>>;
  /** Operator → how often it is used. */
  readonly operators: Readonly<Record<string, number>>;
  /** Median of a run. */
  readonly ms: number;
}

export interface VersionComparison {
  readonly model: string;
  readonly versions: readonly [ComparedVersion, ComparedVersion];
  /** Why callers of the first could not use the second. */
  readonly breaks: readonly string[];
  /** What was measured of both when they were made. */
  readonly metrics: ComparedMetrics;
  /** Where the inputs came from, or why there are none. */
  readonly inputs: string;
  /** Inputs that both answered. */
  readonly runs: number;
  /** By output that both have. */
  readonly answers: Readonly<Record<string, AnswerDifference>>;
}

const timedRuns = 16;

/**
 * Loads two versions of a model and compares them: all but their answers where one refuses the other's inputs. Rejects
 * with an Error where one does not load.
 */
export async function compareVersions(
  store: ModelStore,
  model: StoredModel,
  one: number,
  two: number,
): Promise<VersionComparison> {
  const first = await openVersion(store, model.name, one);
  const second = await openVersion(store, model.name, two).catch(async (error) => {
    await first.session.release();
    throw error;
  });
  try {
    const measured = (version: number) => measuredVersion(store, model.name, version);
    const { from, runs } = await inputsOf(store, model, first, second);
    const answers = await compareSessions(first.session, second.session, runs).catch((error: Error) => error);
    const isRefused = answers instanceof Error;
    // Versions that have no inputs in common are each timed with its own.
    const timed = ({ session }: OpenedVersion) =>
      isRefused ? [trialRunOf(session, model.config.warmupShapes)] : runs.slice(0, timedRuns);
    const work =
      ({ session }: OpenedVersion, own: readonly Run[]) =>
      async () => {
        for (const run of own) await session.run({ ...run, outputNames: session.outputs.map(({ name }) => name) });
      };
    const [ours, others] = [timed(first), timed(second)];
    const [ms = 0, otherMs = 0] = await medianTimes([work(first, ours), work(second, others)], performance);
    return {
      model: model.name,
      versions: [described(first, ms / ours.length), described(second, otherMs / others.length)],
      breaks: schemaBreaks(first.session, second.session),
      metrics: compareMetrics(await measured(one), await measured(two)),
      inputs: isRefused ? `not compared, as one refuses the inputs of the other: ${answers.message}` : from,
      runs: isRefused ? 0 : runs.length,
      answers: isRefused ? {} : answers,
    };
  } finally {
    await first.session.release();
    await second.session.release();
  }
}

async function inputsOf(
  store: ModelStore,
  { name, config }: StoredModel,
  first: OpenedVersion,
  second: OpenedVersion,
): Promise<{ readonly from: string; readonly runs: readonly Run[] }> {
  for (const { version, session } of [second, first]) {
    const samples = await readSamples(store, name, version);
    if (!samples) continue;
    const runs = samples.map((sample) => sampleRun(session, sample, defaultLimits));
    return { from: `samples.jsonl of version ${version}`, runs };
  }
  return { from: 'random values: neither has samples.jsonl', runs: [trialRunOf(second.session, config.warmupShapes)] };
}

function described({ version, session, bytes, opsets, operators }: OpenedVersion, ms: number): ComparedVersion {
  return { version, bytes, opsets, operators, inputs: session.inputs, outputs: session.outputs, ms };
}
