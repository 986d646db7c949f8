import { digestFile } from '../src/adapters/digest-file.ts';
import type { Session } from '../src/ports/session.ts';
import type { FilesToPush } from './files-to-push.ts';
import type { GivenSamples } from './given-samples.ts';
import { readTexts } from './read-texts.ts';
import { textSamples } from './text-samples.ts';

/**
 * The texts of a file as samples of a model; undefined without a file. Rejects with an Error where it has none, or the
 * model takes none.
 */
export async function givenTexts(
  file: string | undefined,
  session: Session,
  toPush: FilesToPush,
): Promise<GivenSamples | undefined> {
  if (file === undefined) return undefined;
  const samples = await textSamples(await readTexts(file), file, session, toPush);
  return { samples, sha256: (await digestFile(file)).checksum };
}
