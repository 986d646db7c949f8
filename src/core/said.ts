import type { ModelVersion } from './model-version.ts';
import { withoutLabel } from './without-label.ts';

/** What an error says, without naming the version, which whoever reads it knows. */
export function said(error: unknown, { label }: ModelVersion): string {
  return withoutLabel(error instanceof Error ? error.message : String(error), label);
}
