import { openS3Batches } from '../src/adapters/batch/open-s3-batches.ts';
import { createService } from '../src/adapters/create-service.ts';
import { loadOnUse } from '../src/adapters/load-on-use.ts';
import { openExchange } from '../src/adapters/open-exchange.ts';
import { openModelStore } from '../src/adapters/open-model-store.ts';
import { edge, logger } from './edge.ts';
import { Freshness } from './freshness.ts';
import { giveWay } from './give-way.ts';
import { readEnvironment } from './read-environment.ts';

// How long what the store has may go unnoticed.
const refreshMs = 30_000;

const environment = readEnvironment(process.env);

const { data, batchResults, maxUploadBytes } = environment;
// What API Gateway and Lambda carry of a body.
const maxFileBytes = 4 * 1024 * 1024;

const service = createService({
  store: loadOnUse(openModelStore(environment.models), environment),
  exchange: data === undefined ? undefined : openExchange(data, maxUploadBytes),
  batches: data && batchResults ? openS3Batches(data, batchResults, maxFileBytes) : undefined,
  basePath: '',
  concurrency: 1,
  intraOpThreads: environment.intraOpThreads,
  memoryBudget: environment.memoryBudget,
  limits: environment.limits,
  engine: 'auto',
  log: {
    info: (fields, message) => logger.info(message, { ...fields }),
    warn: (fields, message) => logger.warn(message, { ...fields }),
    error: (fields, message) => logger.error(message, { ...fields }),
  },
});

// Begun here, so that the models are on their way while the environment starts, and awaited in the handler: the start may take 10 s at most.
const freshness = new Freshness(() => service.refresh(), refreshMs);
freshness.begin();

/** Answers API Gateway: the Open Inference Protocol over the models of the bucket. */
export const handler = edge(
  async (request) => {
    await freshness.ensure();
    const answer = await service.handle(request);
    giveWay(environment.maxResidentBytes, (residentBytes) =>
      logger.warn('the environment holds too much memory and gives way to a new one', { residentBytes }),
    );
    return answer;
  },
  { corsOrigin: environment.corsOrigin, maxDecompressedBytes: environment.limits.maxDecompressedBytes },
);
