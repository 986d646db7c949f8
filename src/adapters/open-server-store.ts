import { join } from 'node:path';
import type { SessionCacheOptions } from '../core/session-cache-options.ts';
import type { ModelStore } from '../ports/model-store.ts';
import type { ServiceOptions } from './create-service.ts';
import { loadOnUse } from './load-on-use.ts';
import { openModelStore } from './open-model-store.ts';
import { BackgroundPreparer } from './prepared/background-preparer.ts';
import { keepPreparedHere } from './prepared/keep-prepared-here.ts';
import { PreparedCache } from './prepared/prepared-cache.ts';
import { defaultCacheFolder } from './s3-model-store/default-cache-folder.ts';
import type { ServerOptions } from './server-options.ts';
import type { ServiceLog } from './service-log.ts';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const leastCacheBytes = 32 * GiB;

/** Where a server has its models from. */
export interface ServerStore {
  readonly store: ModelStore;
  /** Whether there is a repository, beside the models that SageMaker brings. */
  readonly hasRepository: boolean;
  /** The routes by which SageMaker brings models, and asks for them; undefined where it does not. */
  readonly sageMaker?: ServiceOptions['sageMaker'];
  /** Prepares forms of the repository's models for this machine; undefined where that is not wanted. */
  readonly preparer: BackgroundPreparer | undefined;
  readonly onLoaded: SessionCacheOptions['onLoaded'];
}

/** Opens what `options` name, and no more of it than they ask for. */
export async function openServerStore(options: ServerOptions, log: ServiceLog): Promise<ServerStore> {
  const { sagemaker, memoryBudget, requireSignature } = options;
  if (sagemaker && requireSignature !== undefined)
    throw new Error(
      '--sagemaker takes models that SageMaker brings, which nobody signed: leave out --require-signature, or --sagemaker',
    );
  const hasRepository = sagemaker?.hasRepository ?? true;
  const { store, preparer } = hasRepository ? await openRepository(options, log) : nothing;
  if (store && !sagemaker)
    return { store, hasRepository, preparer, onLoaded: (...loaded) => preparer?.loaded(...loaded) };
  const [{ MountedModelStore }, { sageMakerRoutes }] = await Promise.all([
    import('./mounted-model-store/mounted-model-store.ts'),
    import('../http/sagemaker/sagemaker-routes.ts'),
  ]);
  const mounts = new MountedModelStore(store);
  return {
    store: mounts,
    hasRepository,
    sageMaker: ({ repository }, infer, ready) => sageMakerRoutes(repository, infer, ready, { mounts, memoryBudget }),
    preparer,
    onLoaded: (version, report) => {
      // The repository, which is what is prepared, has no model of that name.
      if (!mounts.folders.has(version.name)) preparer?.loaded(version, report);
    },
  };
}

const nothing = { store: undefined, preparer: undefined };

async function openRepository(options: ServerOptions, log: ServiceLog) {
  const { models, only, prepare, engine, requireSignature, memoryBudget } = options;
  // Beside the versions that are loaded, those that take their place.
  const diskBytes = Math.max(leastCacheBytes, 2 * memoryBudget);
  const stored = openModelStore(models, { names: only, cacheBytes: diskBytes });
  const all = requireSignature === undefined ? stored : await signed(stored, models, requireSignature);
  const repository = only ? loadOnUse(all, { pinned: only, served: only }) : all;
  // Only ONNX Runtime's C API writes prepared forms, and nobody signs them.
  if (!prepare || engine === 'binding' || requireSignature !== undefined)
    return { store: repository, preparer: undefined };
  const cacheFolder = join(defaultCacheFolder(process.env), 'prepared');
  const cacheBytes = 16 * GiB;
  const store = keepPreparedHere(repository, models, new PreparedCache(cacheFolder, cacheBytes));
  // A smaller model is there 25 ms sooner at most, once it is prepared.
  const when = { quietMs: 2000, leastBytes: 8 * MiB };
  return { store, preparer: new BackgroundPreparer({ models, cacheFolder, cacheBytes, log, ...when }) };
}

async function signed(store: ModelStore, models: string, keys: string): Promise<ModelStore> {
  const { requireSigned } = await import('./signatures/require-signed.ts');
  return requireSigned(store, models, keys);
}
