import type { ServerOptions } from '../../src/adapters/server-options.ts';
import { defaultLimits } from '../../src/settings.ts';

/** What a server of a test has, but for its models. */
export const serverOptions: Omit<ServerOptions, 'models'> = {
  host: '127.0.0.1',
  port: 0,
  basePath: '',
  concurrency: 1,
  intraOpThreads: 1,
  memoryBudget: 1e9,
  limits: defaultLimits,
  watch: false,
  releaseSeconds: 2,
  prepare: false,
  engine: 'auto',
  logLevel: 'silent',
};
