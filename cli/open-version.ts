import { readOnnx } from '../src/adapters/onnx-files/read-onnx.ts';
import { versionLabel } from '../src/core/version-label.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import type { Session } from '../src/ports/session.ts';
import { openModel } from './open-model.ts';
import { readManifest } from './read-manifest.ts';

/** A version of a model, loaded by this process. */
export interface OpenedVersion {
  readonly version: number;
  readonly session: Session;
  /** Of all its files, but for what is said of them. */
  readonly bytes: number;
  /** Operator → how often it is used. */
  readonly operators: Readonly<Record<string, number>>;
  /** Domain → version. */
  readonly opsets: Readonly<Record<string, number>>;
}

/**
 * Fetches a version and loads it; whoever asks releases the session. Rejects with an Error that says why it cannot be
 * loaded.
 */
export async function openVersion(store: ModelStore, name: string, version: number): Promise<OpenedVersion> {
  const { path, bytes, release } = await store.fetch(name, version);
  try {
    const { operators, opsets } = await readOnnx(path);
    const session = await openModel(path, versionLabel(name, version));
    const manifest = await readManifest(store, name, version);
    return { version, session, bytes: manifest?.bytes ?? bytes, operators, opsets };
  } finally {
    release?.();
  }
}
