import { durationWords } from './duration-words.ts';

/** How far a job is. */
export interface ProgressCount {
  readonly total: number;
  /** Records that were done when this run of it began; they say nothing of its speed. */
  readonly before: number;
  /** Records that are done, those before among them. */
  readonly done: number;
  /** Of these, those without an answer. */
  readonly failed: number;
  /** Since this run of it began. */
  readonly seconds: number;
}

/** Tells how far a job is, how fast it goes, and how long it will take. */
export function progressWords({ total, before, done, failed, seconds }: ProgressCount): string {
  const speed = seconds > 0 ? (done - before) / seconds : 0;
  const percent = Math.floor((100 * done) / total);
  const left = speed > 0 ? durationWords((total - done) / speed) : '?';
  const number = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
  return `${number(done)}/${number(total)} records (${percent} %) · ${number(failed)} failed · ${number(speed)} records/s · ${left} left`;
}
