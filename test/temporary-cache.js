import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Has all that tests keep, and the commands that they start, lie in a folder that goes with them; not among what the
 * user's own servers keep.
 */
export default function temporaryCache() {
  if (process.env.TENSORGATE_CACHE) return;
  const folder = mkdtempSync(join(tmpdir(), 'tensorgate-test-cache-'));
  process.env.TENSORGATE_CACHE = folder;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
}
