import { constants, setPriority } from 'node:os';
import { openModelStore } from '../open-model-store.ts';
import { keepPreparedHere } from './keep-prepared-here.ts';
import type { PrepareOrder } from './prepare-order.ts';
import { prepareVersion } from './prepare-version.ts';
import { PreparedCache } from './prepared-cache.ts';

// node src/adapters/prepared/prepare-process.ts ORDER: prepares one version for a server, which started this process
// and hears what came of it.

setPriority(constants.priority.PRIORITY_LOW);
// The server is gone, however it ended. An orderly exit would wait for the runtime to finish what it is at.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
const order: PrepareOrder = JSON.parse(process.argv[2] ?? '');
const cache = new PreparedCache(order.cacheFolder, order.cacheBytes);
const store = keepPreparedHere(openModelStore(order.models), order.models, cache);
const outcome = await prepareVersion(store, order.name, order.version).catch((error: Error) => ({
  error: error.message,
}));
process.send?.(outcome, undefined, undefined, () => process.exit(0));
