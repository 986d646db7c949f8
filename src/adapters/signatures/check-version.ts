import { relative } from 'node:path';
import { versionLabel } from '../../core/version-label.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import { listFiles } from '../directory-model-store/list-files.ts';
import type { ModelFile } from '../directory-model-store/version-layout.ts';
import { checkFiles } from './check-files.ts';
import type { ManifestFiles } from './files-of-manifest.ts';

/**
 * Fetches a version and holds its files against what its manifest says of them. Rejects as `fetch` and `checkFiles`.
 */
export async function checkVersion(
  store: ModelStore,
  name: string,
  version: number,
  files: ManifestFiles,
): Promise<void> {
  const { folder, path, release } = await store.fetch(name, version);
  try {
    const label = versionLabel(name, version);
    const found = await listFiles(folder, relative(folder, path) as ModelFile, label);
    await checkFiles(
      folder,
      found.map(({ file }) => file),
      files,
    );
  } finally {
    release?.();
  }
}
