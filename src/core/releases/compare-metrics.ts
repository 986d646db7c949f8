import type { VersionManifest } from '../../ports/version-manifest.ts';
import type { Estimate } from '../training/estimate.ts';
import { estimateOf } from '../training/estimate-of.ts';
import { type Measure, measures } from '../training/measures.ts';

/** What is known of how good a version is. */
export interface MeasuredVersion extends Pick<VersionManifest, 'version' | 'metrics' | 'made'> {
  /** The version that was measured in its place: what it was made of and judged by. @default itself */
  readonly measuredOf?: string;
}

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
  /** Why the second is to be kept out, as nothing says what it is worth beside the first. */
  readonly refusal?: string;
}

/** Compares what was measured of two versions, by all that both have with an interval. */
export function compareMetrics(before: MeasuredVersion, after: MeasuredVersion): ComparedMetrics {
  const [were, are] = [estimatesOf(before), estimatesOf(after)];
  const both = `version ${before.version} and version ${after.version}`;
  const notes = [before, after].flatMap(sourceNotes);
  const nothing = (reason: string, isRefused = false): ComparedMetrics => {
    const why = `what was measured is not compared: ${reason}`;
    return { measures: [], ...(isRefused ? { notes, refusal: why } : { notes: [...notes, why] }) };
  };
  if (were.size === 0)
    return nothing(
      are.size === 0
        ? `${both} have no metrics with intervals`
        : `version ${before.version} has no metrics with intervals`,
    );
  if (are.size === 0)
    return nothing(`version ${after.version} has no metrics with intervals, as version ${before.version} has`, true);
  if (tellOthers(before, after)) return nothing(`${both} tell other classes or numbers`);
  const compared = Array.from(were).flatMap(([measure, was]) => {
    const is = are.get(measure);
    return is ? [comparedBy(measure, was, is)] : [];
  });
  if (compared.length > 0) return { measures: compared, notes: [...notes, ...rowNotes(before, after)] };
  const kinds = new Set(Array.from(were.keys(), (measure) => measure.of));
  return nothing(
    `${both} have no measure in common`,
    [...are.keys()].some((measure) => kinds.has(measure.of)),
  );
}

function comparedBy(measure: Measure, before: Estimate, after: Estimate): ComparedMeasure {
  const { key, decides = false } = measure;
  return { measure: key, before, after, verdict: verdictOf(measure, before, after), decides };
}

function sourceNotes({ version, measuredOf }: MeasuredVersion): readonly string[] {
  return measuredOf === undefined
    ? []
    : [`of version ${version} counts what was measured of ${measuredOf}, which it was made of and judged by`];
}

function estimatesOf({ metrics = {} }: MeasuredVersion): ReadonlyMap<Measure, Estimate> {
  return new Map(
    measures.flatMap((measure) => {
      const estimate = estimateOf(metrics[measure.key]);
      return estimate ? [[measure, estimate] as const] : [];
    }),
  );
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
