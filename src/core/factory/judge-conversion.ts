import type { Clock } from '../../ports/clock.ts';
import type { Run, Session } from '../../ports/session.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { type ComparedLatency, compareLatency } from '../releases/compare-latency.ts';
import { AnswerTally } from './answer-tally.ts';
import { batchPieces } from './batch-pieces.ts';
import { casesOfSource } from './cases-of-source.ts';
import { checkBatch } from './check-batch.ts';
import { checkSizes } from './check-sizes.ts';
import type { Conversion, SourceModel } from './conversion.ts';
import type { ConversionReport, OutputReport } from './conversion-report.ts';
import type { Finding } from './finding.ts';
import { firstNotFinite } from './first-not-finite.ts';
import { foreignCases } from './foreign-cases.ts';
import { gateLimits } from './gate-limits.ts';
import { judgeAnswers } from './judge-answers.ts';
import { schemaDifferences } from './schema-differences.ts';
import { shareOf } from './share-of.ts';
import { spread } from './spread.ts';
import type { Task } from './task.ts';
import { type TaskReport, TaskTally } from './task-tally.ts';
import type { TrialCase } from './trial-case.ts';

export interface JudgingMeans {
  readonly clock: Clock;
  /**
   * The conversion is to lose nothing: answers may be off by this part of what is expected. Undefined where something
   * may be lost.
   */
  readonly tolerance: number | undefined;
  /** Most of the source's time that a run may take; 0 where that does not matter. */
  readonly latencyRatio: number;
  /** Whoever asks for it takes what may lose something without samples that would show what. */
  readonly unverified: boolean;
  /** Points of accuracy that may be lost. @default those of `gateLimits` */
  readonly lossPoints?: number;
  /** Of a vector with the one that it was. @default that of `gateLimits` */
  readonly cosine?: number;
  /** Hears of each sample that was answered. */
  onCase?(): void;
}

const timedCases = 16;

/**
 * Whether a conversion may be stored: it loads as it would be served, takes and gives what its source does at any size,
 * gives numbers where that does, answers alone as in a batch, says what the source says, and is quicker.
 *
 * Rejects only where the source itself cannot be asked.
 */
export async function judgeConversion(conversion: Conversion, means: JudgingMeans): Promise<ConversionReport> {
  const session = await conversion.open().catch((error: Error) => error);
  if (session instanceof Error) return refused([{ name: 'does-not-load', words: session.message }]);
  try {
    const { from } = conversion;
    const asked =
      'source' in from ? { findings: schemaDifferences(from.source, session), ...from } : foreignCases(session, from);
    // What cannot be called as its source cannot be held against its answers.
    if (asked.findings.length > 0) return refused(asked.findings);
    return await judge(session, asked, conversion.task, means);
  } finally {
    await session.release();
  }
}

function refused(findings: readonly Finding[]): ConversionReport {
  return { findings, notes: [], samples: 0, outputs: {} };
}

async function judge(
  session: Session,
  { cases: samples, source, trial }: { readonly cases: readonly TrialCase[] } & Partial<SourceModel>,
  task: Task | undefined,
  means: JudgingMeans,
): Promise<ConversionReport> {
  const { tolerance } = means;
  const isSampled = samples.length > 0;
  const cases = isSampled || !source || !trial ? samples : trialCases(source, trial);
  const [first, ...more] = cases.map(({ run }) => run);
  const notes = isSampled ? [] : ['there are no samples: only random values were tried'];
  const findings = !isSampled && tolerance === undefined && !means.unverified ? [unverified] : [];
  const answers = await askAll(session, cases, { ...means, source, task: isSampled ? task : undefined });
  // Random values do not say what a model is worth that loses something.
  const verdicts = isSampled || tolerance !== undefined ? answers.verdicts : [];
  findings.push(...answers.faults, ...verdicts);
  notes.push(...headNotes(answers.task.task));
  if (!first) return { findings, notes, samples: 0, outputs: {} };
  const runs = [first, ...more] as const;
  const sizes = await checkSizes(session, source, runs, tolerance);
  findings.push(...sizes.findings);
  notes.push(...sizes.notes);
  const pieces = batchPieces(session.inputs, runs);
  // What is lost alone may be lost another way in a batch.
  const allowed = tolerance ?? Math.max(gateLimits.tolerance, 2 * answers.relative);
  const leak = pieces.length > 0 ? await checkBatch(session, source, pieces, allowed) : undefined;
  if (leak) findings.push(leak);
  if (pieces.length === 0) notes.push('it takes no batches, in which its answers would be compared too');
  const report = { findings, notes, samples: samples.length, outputs: answers.outputs, ...answers.task };
  const isTimed = means.latencyRatio > 0 && !findings.some(({ name }) => name === 'fails');
  if (!source || !isTimed) return report;
  const isTooSlow = ({ ms, beforeMs }: ComparedLatency) => ms > beforeMs * means.latencyRatio;
  // What is refused already is not looked at again: its time is but told.
  const isOpen = findings.length === 0;
  const isToLookAgain = (seen: ComparedLatency) => isOpen && isTooSlow(seen);
  const latency = await compareLatency(session, source, spread(runs, timedCases), means.clock, isToLookAgain);
  const { ms, beforeMs: sourceMs } = latency;
  return {
    ...report,
    findings: isToLookAgain(latency) ? [...findings, noGain(ms, sourceMs, means.latencyRatio)] : findings,
    latency: { ms, sourceMs },
  };
}

const unverified: Finding = {
  name: 'unverified',
  words:
    'what it loses is not known without samples: give some, or take it with --unverified, which marks the version for ever',
};

function noGain(ms: number, sourceMs: number, ratio: number): Finding {
  const words = `a run takes ${ms.toFixed(3)} ms, ${(ms / sourceMs).toFixed(2)} of the source's ${sourceMs.toFixed(3)} ms, expected ${ratio} at most`;
  return { name: 'no-gain', words };
}

/** Who reads how many points are lost is to know by what. */
function headNotes(task: TaskReport | undefined): readonly string[] {
  if (task?.fittedTo === undefined) return [];
  return [
    `classes are told by a softmax head that was fitted to the vectors of ${task.fittedTo} samples; ${task.agreement.of} others are judged`,
  ];
}

function trialCases(source: Session, trial: Run): readonly TrialCase[] {
  return casesOfSource(source, [{ where: 'random values', run: trial }]);
}

interface Asking extends JudgingMeans {
  readonly source: Session | undefined;
  readonly task: Task | undefined;
}

/** Runs all cases, and counts what comes of them. */
async function askAll(session: Session, cases: readonly TrialCase[], asking: Asking) {
  const { onCase, source, task } = asking;
  const faults = new Map<string, Finding>();
  const tallies = new Map<string, AnswerTally>();
  // One that cannot be asked is told below.
  const classOfMade = await task?.refit?.(session).catch(() => undefined);
  const taskTally = task && new TaskTally(task, asking.lossPoints, classOfMade);
  // Each fault is told once, where it shows first.
  const note = (finding: Finding, output = '') => {
    const key = `${finding.name} ${output}`;
    if (!faults.has(key)) faults.set(key, finding);
  };
  for (const [place, { where, run, expected }] of cases.entries()) {
    const outputs = await session.run(run).catch((error: Error) => error);
    onCase?.();
    if (outputs instanceof Error) {
      // What the source refuses too rejects here: nothing can be held against that.
      if (source) await expected([]);
      note({ name: 'fails', words: outputs.message, where });
      continue;
    }
    const wanted = await expected(outputs).catch((error: Error) => {
      if (source) throw error;
      note({ name: 'other-answers', words: error.message, where });
      return [];
    });
    for (const [index, output] of run.outputNames.entries()) {
      const [actual, want] = [outputs[index] as Tensor, wanted[index]];
      const fault = want && misfit(output, actual, want, where);
      if (fault) note(fault, output);
      if (!want || fault?.name === 'other-shape') continue;
      const tally = tallies.get(output) ?? new AnswerTally();
      tallies.set(output, tally);
      tally.add(where, actual, want);
      if (task?.output === output) taskTally?.add(place, where, actual, want);
    }
  }
  const verdicts = taskTally
    ? [taskTally.finding()]
    : [...tallies].map(([output, tally]) => judgeAnswers(output, tally, asking));
  const isBroken = [...faults.values()].some(({ name }) => name === 'not-a-number');
  const relatives = [...tallies.values()].map(({ relative }) => relative).filter(Number.isFinite);
  return {
    faults: [...faults.values()],
    // Of what gives no numbers it goes without saying that it gives other ones.
    verdicts: isBroken ? [] : verdicts.filter((finding) => finding !== undefined),
    outputs: Object.fromEntries([...tallies].map(([output, tally]) => [output, described(tally)])),
    task: taskTally ? { task: taskTally.report() } : {},
    relative: Math.max(0, ...relatives),
  };
}

function misfit(output: string, actual: Tensor, want: Tensor, where: string): Finding | undefined {
  if (String(actual.shape) !== String(want.shape)) {
    const words = `output '${output}' has the shape [${actual.shape}], expected [${want.shape}]`;
    return { name: 'other-shape', words, where };
  }
  const broken = firstNotFinite(actual, want);
  if (!broken) return undefined;
  return { name: 'not-a-number', words: `output '${output}' [${broken.place}] is ${broken.value}`, where };
}

function described(tally: AnswerTally): OutputReport {
  const { kind = 'exact', largest, flips, rows } = tally;
  return {
    kind,
    // JSON has no infinity.
    largest: Number.isFinite(largest) ? largest : null,
    ...((kind === 'exact' || kind === 'classes') && { agreement: shareOf(rows - flips, rows) }),
    ...((kind === 'vectors' || kind === 'classes') && { leastCosine: tally.leastCosine }),
  };
}
