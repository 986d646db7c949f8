import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import type { StoredModel } from '../models/stored-model.ts';
import { Child } from '../processes/child.ts';

export interface BatchJob {
  readonly model: StoredModel;
  /** The file of records. */
  readonly input: string;
  /** Where the results go; what is there is removed before. */
  readonly out: string;
  /** More words of the command. */
  readonly options?: readonly string[];
}

export interface BatchDone {
  /** From the start of the process to its end. */
  readonly seconds: number;
  readonly peakMB: number;
}

const hook = resolve(import.meta.dirname, 'tell-peak.mjs');

/** Runs `tensorgate batch` as a user does. Rejects where it does not come to its end. */
export async function batchJob({ model, input, out, options = [] }: BatchJob): Promise<BatchDone> {
  rmSync(out, { recursive: true, force: true });
  const words = ['batch', model.name, input, '--models', model.repository, '--out', out, ...options];
  const started = performance.now();
  const child = new Child(process.execPath, ['--import', hook, 'cli/tensorgate.js', ...words]);
  await child.next(/^completed: .* 0 failed/);
  const peakMB = (Number(await child.next(/^VmHWM:\s+(\d+) kB$/)) * 1024) / 1e6;
  return { seconds: (performance.now() - started) / 1000, peakMB };
}
