import type { MadeVersion } from './job-report.ts';

interface Told {
  readonly name?: unknown;
  readonly model?: unknown;
  readonly version?: unknown;
  readonly stored?: unknown;
}

/** The versions that a command stored, by what it told with `--json`: one of its own, or those of a list. */
export function madeVersions(result: unknown): readonly MadeVersion[] {
  if (typeof result !== 'object' || result === null) return [];
  const { name, model = name, version, stored } = result as Told;
  if (Array.isArray(stored)) return stored.flatMap(madeVersions);
  const isNumber = typeof version === 'number' || typeof version === 'string';
  return typeof model === 'string' && isNumber ? [{ model, version: String(version) }] : [];
}
