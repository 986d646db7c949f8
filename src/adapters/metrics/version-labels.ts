import type { ModelVersion } from '../../core/model-version.ts';

/** The labels by which Triton's metrics name a version. */
export function versionLabels({ name, version }: ModelVersion): { model: string; version: string } {
  return { model: name, version: String(version) };
}
