import { RecentPolicies } from '../src/adapters/api-keys/recent-policies.ts';
import { openS3Batches } from '../src/adapters/batch/open-s3-batches.ts';
import { openCanaries } from '../src/adapters/canary/open-canaries.ts';
import { createService } from '../src/adapters/create-service.ts';
import { openDrift } from '../src/adapters/drift/open-drift.ts';
import { loadOnUse } from '../src/adapters/load-on-use.ts';
import { openS3ModelJobs } from '../src/adapters/model-jobs/open-s3-model-jobs.ts';
import { openExchange } from '../src/adapters/open-exchange.ts';
import { TrialFigures } from '../src/core/canary/trial-figures.ts';
import { callerIn } from './caller-in.ts';
import { countLoad } from './count-load.ts';
import { countStop } from './count-stop.ts';
import { countTrials } from './count-trials.ts';
import { edge } from './edge.ts';
import { Freshness } from './freshness.ts';
import { heldBytes } from './held-bytes.ts';
import { InvocationRecords } from './invocation-records.ts';
import { logger } from './logger.ts';
import { MemoryGuard } from './memory-guard.ts';
import { onceAsked } from './once-asked.ts';
import { openModels } from './open-models.ts';
import { openRecords } from './open-records.ts';
import { readEnvironment } from './read-environment.ts';
import { secretPayloads } from './secret-payloads.ts';
import { serviceLog } from './service-log.ts';

// How long what the store has may go unnoticed, and how long a request waits for a look at it that takes its time.
const refreshMs = 30_000;
const patienceMs = 2000;
const usageRefreshMs = 10_000;
const driftEveryMs = 60_000;
/** How long an invocation waits until records of its call are written. */
const recordsPatienceMs = 1500;
// Counts of canaries are written so often, and an answer waits no longer for that.
const shareEveryMs = 10_000;
const sharePatienceMs = 200;
// A line of the log for each version on trial.
const trialsEveryMs = 60_000;
// Nobody waits for what keeps an environment warm.
const longestDrainMs = 5000;

const environment = readEnvironment(process.env);

const { data, batchResults, hasJobs, maxUploadBytes, payloadSecret } = environment;
// What API Gateway and Lambda carry of a body.
const maxFileBytes = 4 * 1024 * 1024;
// Beside what is made of them, on the disk of a function.
const maxJobBytes = 5 * 1024 ** 3;

// The time at which what was counted is written is a request's: a timer would stand still while Lambda keeps the
// environment frozen.
const drift = openDrift({ models: environment.models, everyMs: driftEveryMs, hasTimer: false, log: serviceLog });

const kept = openRecords(environment);
const store = loadOnUse(openModels(environment), environment);
const canaries = openCanaries({ store, models: environment.models, log: serviceLog, onStopped: countStop });

const service = createService({
  store,
  exchange: data === undefined ? undefined : openExchange(data, maxUploadBytes),
  batches: data && batchResults ? openS3Batches(data, batchResults, maxFileBytes) : undefined,
  jobs: data && hasJobs ? openS3ModelJobs(data, maxJobBytes) : undefined,
  usage: kept?.usage?.read,
  payloads: payloadSecret === undefined ? undefined : secretPayloads(payloadSecret, environment.limits),
  basePath: '',
  concurrency: 1,
  intraOpThreads: environment.intraOpThreads,
  memoryBudget: environment.memoryBudget,
  limits: environment.limits,
  engine: 'auto',
  log: serviceLog,
  onLoaded: countLoad,
  onRun: drift.onRun,
  takeBack: canaries.takeBack,
  // What runs behind an answer would hold it back, or stand still in the midst of a run.
  holdsBackground: true,
});

// Keys bring theirs along; those of principals are read once one calls.
const policies = environment.knowsPrincipals ? new RecentPolicies(environment.models) : undefined;

// By the wall clock, Date, here and below: others may stand still while Lambda keeps the environment frozen.
const freshness = new Freshness(() => service.refresh(), Date, { refreshMs, patienceMs });
const releases = new Freshness(() => service.refreshReleases(), Date, {
  refreshMs: environment.releaseMs,
  patienceMs,
});
const counts = new Freshness(() => canaries.share(service.dataPlane.releases), Date, {
  refreshMs: shareEveryMs,
  patienceMs: sharePatienceMs,
});

const figures = new TrialFigures();
const tellTrials = async () => countTrials(figures.next(service.dataPlane.releases.list()));
const trials = new Freshness(tellTrials, Date, { refreshMs: trialsEveryMs, patienceMs });

const memory = new MemoryGuard({
  maxBytes: environment.maxResidentBytes,
  heldBytes,
  releaseIdle: (isEnough) => service.releaseIdle(isEnough),
  exit: () => process.exit(1),
  warn: (fields, message) => logger.warn(message, { ...fields }),
});

// What other environments have counted is read for callers whose policies go by it.
const counted = kept?.usage;
const usageFreshness =
  counted && new Freshness(() => counted.refresh(), Date, { refreshMs: usageRefreshMs, patienceMs });
const usage = counted && usageFreshness && { of: counted.of, ensure: () => usageFreshness.ensure() };

const records =
  kept &&
  new InvocationRecords(kept, Date, {
    usageEveryMs: (environment.usageSeconds ?? 0) * 1000,
    patienceMs: recordsPatienceMs,
  });

// While the store's first answer is on its way, ONNX Runtime can be loaded; a failure is met where a session is opened.
onceAsked(
  () => void import('../src/adapters/onnx-native/api.ts').then(({ ortApi }) => ortApi()).catch(() => undefined),
);

// Emulators of Lambda may have a runtime without streams.
const runtimeStreams = typeof awslambda !== 'undefined';

/**
 * Ends once the models are there that load at the start. Begun here, so that they are on their way while the
 * environment starts; a failure is met by the first request.
 */
export const started = freshness.complete().catch(() => undefined);

/** Answers API Gateway: the Open Inference Protocol over the models of the bucket. */
export const handler = edge(
  {
    callerIn: (event) => callerIn(event, { policies, usage }),
    answer: async (request) => {
      const { caller } = request;
      if (caller) service.admit(request, () => caller);
      await Promise.all([freshness.ensure(), releases.ensure()]);
      // While the request is answered, of those before it.
      const shared = counts.ensure();
      try {
        return await service.handle(request);
      } finally {
        // Also a call that failed may have been one too many of a canary.
        await Promise.all([memory.relieve(), drift.flushIfDue(), shared, canaries.settled(), trials.ensure()]);
      }
    },
    ...(records && { answered: (call) => records.answered(call) }),
    warmUp: async () => {
      await freshness.complete();
      await service.dataPlane.releases.background.drain(longestDrainMs);
      await canaries.settled();
      await tellTrials();
      await memory.renew();
    },
  },
  {
    corsOrigin: environment.corsOrigin,
    maxDecompressedBytes: environment.limits.maxDecompressedBytes,
    answerMs: environment.answerMs,
    streams: environment.streams && runtimeStreams,
  },
);
