import type { Making } from '../../ports/making.ts';
import type { VersionManifest } from '../../ports/version-manifest.ts';
import type { Estimate } from '../training/estimate.ts';
import { estimateOf } from '../training/estimate-of.ts';
import { type Measure, measures } from '../training/measures.ts';

export type MeasuredVersion = Pick<VersionManifest, 'version' | 'metrics' | 'made'>;

/** What was measured of two versions. */
export interface ComparedMeasure {
  /** Its key in `metrics`. */
  readonly measure: string;
  readonly before: Estimate;
  readonly after: Estimate;
  /** What the second is where the intervals of both have nothing in common. */
  readonly verdict: 'better' | 'worse' | 'unclear';
  /** Whether the second is to be kept out where it is worse. */
  readonly decides: boolean;
}

export interface ComparedMetrics {
  readonly measures: readonly ComparedMeasure[];
  /** What there is to know of it, such as that each was measured by rows of its own, or why there is nothing. */
  readonly notes: readonly string[];
  /** Whether nothing was measured of the second, as it was of the first: it is to be kept out, as it may be anything. */
  readonly isUnmeasured: boolean;
}

/** What of another model was judged by that, sample by sample, before it was stored. */
const judgedBySource: readonly (Making['by'] | undefined)[] = ['optimize', 'prune', 'distil', 'split'];

/** Compares what was measured of two versions, by all that both have with an interval. */
export function compareMetrics(before: MeasuredVersion, after: MeasuredVersion): ComparedMetrics {
  const nothing = (reason: string, isUnmeasured = false) => ({
    measures: [],
    notes: [`what was measured is not compared: ${reason}`],
    isUnmeasured,
  });
  const none = [before, after].filter((each) => estimatesOf(each).size === 0).map(({ version }) => version);
  if (none.length > 0)
    return nothing(
      `version ${none.join(' and version ')} ${none.length > 1 ? 'have' : 'has'} no metrics with intervals`,
      none.length === 1 && none[0] === after.version && !isJudged(after),
    );
  if (tellOthers(before, after))
    return nothing(`version ${before.version} and version ${after.version} tell other classes or numbers`);
  const own = estimatesOf(after);
  const compared = [...estimatesOf(before)].flatMap(([measure, was]): readonly ComparedMeasure[] => {
    const is = own.get(measure);
    return is
      ? [
          {
            measure: measure.key,
            before: was,
            after: is,
            verdict: verdictOf(measure, was, is),
            decides: measure.decides ?? false,
          },
        ]
      : [];
  });
  return compared.length > 0
    ? { measures: compared, notes: rowNotes(before, after), isUnmeasured: false }
    : nothing(`version ${before.version} and version ${after.version} have no measure in common`);
}

function estimatesOf({ metrics = {} }: MeasuredVersion): ReadonlyMap<Measure, Estimate> {
  return new Map(
    measures.flatMap((measure) => {
      const estimate = estimateOf(metrics[measure.key]);
      return estimate ? [[measure, estimate] as const] : [];
    }),
  );
}

function isJudged({ made }: MeasuredVersion): boolean {
  return judgedBySource.includes(made?.by) && made?.unverified !== true;
}

function verdictOf({ isLoss }: Measure, before: Estimate, after: Estimate): ComparedMeasure['verdict'] {
  // A bootstrap of rows that are all right says 1 to 1, however few they are.
  if ([before, after].some(({ low, high }) => low === high)) return 'unclear';
  if (after.high < before.low) return isLoss ? 'better' : 'worse';
  if (after.low > before.high) return isLoss ? 'worse' : 'better';
  return 'unclear';
}

/** Whether both are known to be for different things, of which the same measure says something else. */
function tellOthers(before: MeasuredVersion, after: MeasuredVersion): boolean {
  const [was, is] = [before, after].map(({ made }) => {
    const { metrics, classes } = Object(made?.report);
    return metrics === undefined ? undefined : JSON.stringify([Object(metrics).kind, classes]);
  });
  return was !== undefined && is !== undefined && was !== is;
}

function rowNotes(before: MeasuredVersion, after: MeasuredVersion): readonly string[] {
  const [was, is] = [before, after].map(rowsOf);
  const both = `version ${before.version} and version ${after.version}`;
  if (was === undefined || is === undefined) return [`whether ${both} were measured by the same rows is not known`];
  return was === is ? [] : [`${both} were not measured by the same rows`];
}

/**
 * What the rows are known by that a version was measured by: the file of them, or that of all rows, and how they were
 * parted.
 */
function rowsOf({ made }: MeasuredVersion): string | undefined {
  const [all, test] = made?.data ?? [];
  const { measuredBy } = Object(made?.report);
  if (!all || measuredBy === undefined) return undefined;
  return test ? test.sha256 : JSON.stringify([all.sha256, measuredBy, made?.seed, Object(made?.recipe).split]);
}
