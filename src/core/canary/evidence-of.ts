import type { CanaryJudgement } from './judge-canary.ts';

/** E-values against a canary, and what one of them must reach, as numbers that JSON and tables have. */
export function evidenceOf({
  evidence: { errors, latency, answers },
  bar,
}: CanaryJudgement): Readonly<Record<'errors' | 'latency' | 'answers' | 'bar', number>> {
  const value = (log: number) => Number(Math.min(Math.exp(log), 1e12).toPrecision(3));
  return { errors: value(errors), latency: value(latency), answers: value(answers), bar: value(bar) };
}
