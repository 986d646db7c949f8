import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Child } from '../processes/child.ts';
import { peakMegabytes } from '../processes/peak-megabytes.ts';

/** Milliseconds of one cold start, in the order in which they pass, and its peak memory. */
export interface ColdStart {
  /** Until the first line of JavaScript. */
  readonly nodeMs: number;
  readonly modulesMs: number;
  /** Until the last byte came from S3. */
  readonly downloadMs: number;
  /** What is left: the session, and whatever is done between the stages. */
  readonly sessionMs: number;
  readonly runMs: number;
  readonly totalMs: number;
  readonly peakMB: number;
}

export interface Contestant {
  /** The file that exports `handler`. */
  readonly handler: string;
  /** The file with the event that it gets. */
  readonly event: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Starts a handler in a process of its own, with nothing in its /tmp, up to its first answer. Rejects where that is not
 * 200.
 */
export async function coldStart({ handler, event, env }: Contestant): Promise<ColdStart> {
  const temporary = mkdtempSync(join(tmpdir(), 'tensorgate-bench-cold-'));
  try {
    const startedMs = performance.timeOrigin + performance.now();
    const child = new Child(process.execPath, ['bench/cold/lambda-host.cjs', handler, event], {
      env: { ...env, TMPDIR: temporary },
    });
    const answered = await child.next(/^answered (\{.*\})$/);
    const peakMB = peakMegabytes(child.pid);
    await child.end();
    const times = JSON.parse(answered);
    if (times.statusCode !== 200) throw new Error(`${handler} answered ${times.statusCode}`);
    return {
      nodeMs: times.begun - startedMs,
      modulesMs: times.loaded - times.begun,
      downloadMs: times.downloaded - times.loaded,
      sessionMs: times.answered - times.downloaded - times.runMs,
      runMs: times.runMs,
      totalMs: times.answered - startedMs,
      peakMB,
    };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
