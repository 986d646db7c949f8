import type { JobAnswer } from './print-jobs.ts';

/** Says why a job made nothing, unless it is among the lines that it said. */
export function tellJobError({ error }: JobAnswer, said: readonly string[]): void {
  const lines = error?.message.split('\n') ?? [];
  if (error && !lines.every((line) => said.some((one) => one.endsWith(line)))) console.error(error.message);
}
