import { join } from 'node:path';
import type { SessionCacheOptions } from '../core/session-cache.ts';
import type { ModelMounts } from '../ports/model-mounts.ts';
import type { ModelStore } from '../ports/model-store.ts';
import { loadOnUse } from './load-on-use.ts';
import { openModelStore } from './open-model-store.ts';
import { BackgroundPreparer } from './prepared/background-preparer.ts';
import { keepPreparedHere } from './prepared/keep-prepared-here.ts';
import { PreparedCache } from './prepared/prepared-cache.ts';
import { defaultCacheFolder } from './s3-model-store/default-cache-folder.ts';
import type { ServiceLog } from './service-log.ts';
import type { ServerOptions } from './start-server.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;

/** Where a server has its models from. */
export interface ServerStore {
  readonly store: ModelStore;
  /** Takes models in beside those of the repository; undefined where nobody asks for that. */
  readonly mounts: ModelMounts | undefined;
  /** Prepares forms of the repository's models for this machine; undefined where that is not wanted. */
  readonly preparer: BackgroundPreparer | undefined;
  readonly onLoaded: SessionCacheOptions['onLoaded'];
}

/** Opens what `options` name, and no more of it than they ask for. */
export async function openServerStore(options: ServerOptions, log: ServiceLog): Promise<ServerStore> {
  const { sagemaker } = options;
  if (!sagemaker) {
    const { store, preparer } = openRepository(options, log);
    return { store, mounts: undefined, preparer, onLoaded: (...loaded) => preparer?.loaded(...loaded) };
  }
  const { MountedModelStore } = await import('./mounted-model-store/mounted-model-store.ts');
  if (!sagemaker.hasRepository) {
    const mounted = new MountedModelStore(undefined);
    return { store: mounted, mounts: mounted, preparer: undefined, onLoaded: undefined };
  }
  const { store, preparer } = openRepository(options, log);
  const mounted = new MountedModelStore(store);
  const onLoaded: SessionCacheOptions['onLoaded'] = (version, report) => {
    // The repository, which is what is prepared, has no model of that name.
    if (!mounted.folders.has(version.name)) preparer?.loaded(version, report);
  };
  return { store: mounted, mounts: mounted, preparer, onLoaded };
}

function openRepository({ models, only, prepare, engine }: ServerOptions, log: ServiceLog) {
  const all = openModelStore(models);
  const repository = only ? loadOnUse(all, { pinned: only, served: only }) : all;
  // Only ONNX Runtime's C API writes prepared forms.
  if (!prepare || engine === 'binding') return { store: repository, preparer: undefined };
  const cacheFolder = join(defaultCacheFolder(process.env), 'prepared');
  const cacheBytes = 16 * GiB;
  const store = keepPreparedHere(repository, models, new PreparedCache(cacheFolder, cacheBytes));
  // A smaller model is there 25 ms sooner at most, once it is prepared.
  const when = { quietMs: 2000, leastBytes: 8 * MiB };
  return { store, preparer: new BackgroundPreparer({ models, cacheFolder, cacheBytes, log, ...when }) };
}
