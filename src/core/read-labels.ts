import type { ModelStore } from '../ports/model-store.ts';
import type { Session } from '../ports/session.ts';
import { labelLines } from './label-lines.ts';
import type { ModelVersion } from './model-version.ts';

/**
 * The class labels that a version's settings name, by output. Rejects where a named file is missing, or an output
 * unknown.
 */
export async function readLabels(
  store: ModelStore,
  version: ModelVersion,
  session: Session,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const labels = new Map<string, readonly string[]>();
  for (const [output, file] of Object.entries(version.config.labels)) {
    if (!session.outputs.some((spec) => spec.name === output)) {
      const known = session.outputs.map((spec) => `'${spec.name}'`).join(', ');
      throw new Error(`model.json names labels of the output '${output}', which the model has not; it has ${known}`);
    }
    const text = await store.readText(version.name, version.version, file);
    labels.set(output, labelLines(text));
  }
  return labels;
}
