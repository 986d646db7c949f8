import type { ModelConfig, ModelFiles, PreparedFiles } from '../ports/model-store.ts';
import type { SessionOptions } from '../ports/session.ts';
import { cudaOptions } from './cuda-options.ts';
import type { SessionCacheOptions } from './session-cache-options.ts';

/** How a session of a model's files is opened, by its settings and the server's. */
export function sessionOptions(
  config: ModelConfig,
  files: ModelFiles | PreparedFiles,
  { intraOpThreads, execution }: Pick<SessionCacheOptions, 'intraOpThreads' | 'execution'>,
): SessionOptions {
  const cuda = cudaOptions(config, execution);
  return {
    intraOpThreads: config.intraOpThreads || intraOpThreads,
    isPrepared: 'answer' in files,
    ...(files.isDecoder && { isDecoder: true }),
    ...(config.spinning && { spinning: true }),
    ...(cuda && { cuda }),
  };
}
