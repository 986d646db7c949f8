import { newestFirst } from './newest-first.ts';

/** An id for a job that was asked for at `at`: ids of a kind sort the newest first. */
export function newJobId(kind: 'batch' | 'job', at: Date): string {
  return `${kind}_${newestFirst(at)}${crypto.randomUUID().replaceAll('-', '').slice(0, 13)}`;
}
