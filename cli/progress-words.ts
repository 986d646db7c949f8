import { durationWords } from './duration-words.ts';
import { grouped } from './grouped.ts';

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
  return `${grouped(done)}/${grouped(total)} records (${percent} %) · ${grouped(failed)} failed · ${grouped(speed)} records/s · ${left} left`;
}
