import { type Schema, schemaBreaks } from '../src/core/releases/schema-breaks.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import type { Releases } from './find-releases.ts';
import { openVersion } from './open-version.ts';
import { readManifest } from './read-manifest.ts';

/**
 * Why callers of the version `stable` could not use `version`, by their manifests, or as they load where they have
 * none; empty where they could.
 */
export async function callerBreaks(
  { store, model: { name } }: Releases,
  stable: number,
  version: number,
): Promise<readonly string[]> {
  // What cannot be loaded here, or must not be, nobody can use: whatever there is of the other.
  const after = await schemaOf(store, name, version).catch((error: Error) => error);
  if (after instanceof Error) return [after.message];
  const before = await schemaOf(store, name, stable).catch(() => undefined);
  // As at the gate: what does not load any more has no callers.
  return before ? schemaBreaks(before, after) : [];
}

async function schemaOf(store: ModelStore, name: string, version: number): Promise<Schema> {
  // One that push did not write may say nothing of them.
  const { inputs, outputs } = (await readManifest(store, name, version)) ?? {};
  if (inputs && outputs) return { inputs, outputs };
  const { session } = await openVersion(store, name, version);
  await session.release();
  return session;
}
