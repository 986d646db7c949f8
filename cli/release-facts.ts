/** What `GET /v2/models/{model}/releases` answers, or a repository has of it. */
export interface ReleasesReport {
  readonly name: string;
  readonly aliases: Readonly<Record<string, ReportedAlias>>;
}

interface ReportedAlias {
  readonly version: string;
  readonly previous?: string;
  readonly canary?: Reported & {
    readonly stopped?: string;
    readonly sticky?: string;
    readonly calls?: Readonly<Record<'canary' | 'stable', ReportedCalls>>;
    readonly evidence?: Readonly<Record<'errors' | 'latency' | 'answers' | 'bar', number>>;
    /** Where hosts have written no more of their comparisons. */
    readonly answers?: { readonly compared: number; readonly disagreed: number };
  };
  readonly shadow?: Reported;
}

interface Reported {
  readonly version: string;
  readonly percent: number;
  /** Of a server. */
  readonly ready?: boolean;
  readonly reason?: string;
  readonly comparisons?: ReportedComparisons;
}

interface ReportedCalls {
  readonly calls: number;
  readonly errors: number;
  readonly timed: number;
  readonly slow: number;
}

interface ReportedComparisons {
  readonly compared: number;
  readonly agreed: number;
  readonly labels: number;
  readonly label_flips: number;
  readonly largest_difference: number | null;
  readonly failed: number;
  readonly dropped: number;
  readonly mean_infer_ms: Readonly<Record<'callers' | 'own', number>>;
}

type Fact = readonly [title: string, text: string];

/** Lines about the aliases of a model, and what is on trial there. */
export function releaseFacts({ name, aliases }: ReleasesReport): readonly Fact[] {
  const facts = Object.entries(aliases).flatMap(([alias, { version, previous, canary, shadow }]): readonly Fact[] => [
    [alias, `version ${version}${previous === undefined ? '' : `, before version ${previous}`}`],
    ...(canary
      ? [
          [`${alias} canary`, partWords(canary)] as const,
          ...(canary.stopped === undefined ? [] : [['  taken back', canary.stopped] as const]),
          ...callFacts(canary.calls),
          ...(canary.evidence ? [['  evidence', evidenceWords(canary.evidence)] as const] : []),
          ...(canary.answers ? [['  answers', answerWords(canary.answers)] as const] : []),
          ...comparisonFacts(canary.comparisons),
        ]
      : []),
    ...(shadow ? [[`${alias} shadow`, partWords(shadow)] as const, ...comparisonFacts(shadow.comparisons)] : []),
  ]);
  return [['model', name], ...(facts.length > 0 ? facts : [['aliases', 'none'] as const])];
}

function partWords({ version, percent, ready, reason }: Reported): string {
  return `version ${version}, ${percent} % of the calls${ready === false ? `; it gets none: ${reason}` : ''}`;
}

function callFacts(calls: Readonly<Record<'canary' | 'stable', ReportedCalls>> | undefined): readonly Fact[] {
  if (!calls) return [];
  const words = ({ calls: all, errors, timed, slow }: ReportedCalls) =>
    `${all} calls, ${errors} failed, ${slow} of ${timed} slow`;
  return [
    ['  canary', words(calls.canary)],
    ['  stable', words(calls.stable)],
  ];
}

function evidenceWords({ errors, latency, answers, bar }: Readonly<Record<string, number>>): string {
  return `that it is worse: errors ${errors}, latency ${latency}, answers ${answers}; it is taken back where one reaches ${bar}`;
}

function answerWords({ compared, disagreed }: { compared: number; disagreed: number }): string {
  return `${compared - disagreed} of ${compared} agree`;
}

function comparisonFacts(comparisons: ReportedComparisons | undefined): readonly Fact[] {
  if (!comparisons) return [];
  const { compared, agreed, labels, label_flips, largest_difference, failed, dropped, mean_infer_ms } = comparisons;
  const difference = largest_difference === null ? 'no number' : Number(largest_difference.toPrecision(2));
  return [
    [
      '  answers',
      `${agreed} of ${compared} agree, ${label_flips} of ${labels} labels differ, at most by ${difference}`,
    ],
    ['  runs', `${mean_infer_ms.own} ms beside ${mean_infer_ms.callers} ms, ${failed} failed, ${dropped} dropped`],
  ];
}
