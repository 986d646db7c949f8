import type { Kind } from '../../core/tasks/flow.ts';

/** Whether a request has its item, of a kind that forms can have, in a form. */
export function isForm(type: string, kind: Kind): boolean {
  return /^\s*multipart\/form-data\b/i.test(type) && (kind === 'file' || kind === 'text');
}
