import { digestFile } from '../src/adapters/digest-file.ts';
import { readOnnx } from '../src/adapters/onnx-files/read-onnx.ts';
import type { Session } from '../src/ports/session.ts';
import type { VersionManifest } from '../src/ports/version-manifest.ts';
import type { FilesToPush } from './files-to-push.ts';

/** What of a manifest is known before the version has a number. */
export type ManifestDraft = Omit<VersionManifest, 'version'>;

/** Reads the files of a version through, and says what they are, now. */
export async function makeManifest(
  name: string,
  { model, files }: FilesToPush,
  { inputs, outputs }: Pick<Session, 'inputs' | 'outputs'>,
  provenance: Pick<VersionManifest, 'by' | 'source' | 'metrics' | 'licence' | 'notes' | 'made'>,
): Promise<ManifestDraft> {
  const entries: [string, { bytes: number; sha256: string }][] = [];
  for (const [file, path] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { bytes, checksum } = await digestFile(path);
    entries.push([file, { bytes, sha256: checksum }]);
  }
  const { by, source, ...said } = provenance;
  return {
    manifestVersion: 1,
    model: name,
    files: Object.fromEntries(entries),
    bytes: entries.reduce((sum, [, { bytes }]) => sum + bytes, 0),
    opsets: (await readOnnx(model)).opsets,
    inputs,
    outputs,
    by,
    at: new Date().toISOString(),
    source,
    ...said,
  };
}
