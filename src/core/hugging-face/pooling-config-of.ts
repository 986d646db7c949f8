import type { JsonObject, ReadText } from './read-json-file.ts';
import { readObject } from './read-object.ts';
import type { SentenceModule } from './sentence-modules.ts';

interface PoolingConfig {
  readonly folder: string;
  /** Absent: there is none. */
  readonly config: JsonObject | undefined;
}

/** The pooling's config.json, in the folder that modules.json names, or else the usual one. */
export async function poolingConfigOf(
  readText: ReadText,
  modules: readonly SentenceModule[] | undefined,
): Promise<PoolingConfig> {
  const folder = modules?.find(({ kind }) => kind === 'Pooling')?.path ?? '1_Pooling';
  return { folder, config: await readObject(readText, `${folder}/config.json`) };
}
