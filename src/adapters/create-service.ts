import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import packageJson from '../../package.json' with { type: 'json' };
import type { Watchdog } from '../core/batching/watchdog.ts';
import { DataPlane, type DataPlaneOptions, type RunObserver } from '../core/data-plane.ts';
import { textRun } from '../core/drift/text-run.ts';
import type { EvaluationsObserver } from '../core/explain/explain-host.ts';
import { GradientCache } from '../core/explain/gradient-cache.ts';
import { TypicalCache } from '../core/explain/typical-cache.ts';
import type { OpenChatTemplate } from '../core/generation/chat-prompt.ts';
import { ModelRepository } from '../core/model-repository.ts';
import type { ModelVersion } from '../core/model-version.ts';
import { samplesFile } from '../core/releases/samples-file.ts';
import { RunQueue } from '../core/run-queue.ts';
import { SessionCache } from '../core/session-cache.ts';
import type { SessionCacheOptions } from '../core/session-cache-options.ts';
import { systemTimers } from '../core/system-timers.ts';
import type { DocsOptions } from '../http/docs-routes.ts';
import type { HttpRequest, HttpResponse } from '../http/http-message.ts';
import type { MetricsText } from '../http/metrics-route.ts';
import { Router } from '../http/router.ts';
import { type HostParts, routes } from '../http/routes.ts';
import { withDeprecation } from '../http/with-deprecation.ts';
import type { Authorize } from '../ports/authorize.ts';
import type { BatchAccess } from '../ports/batch-host.ts';
import type { Caller } from '../ports/caller.ts';
import type { ExchangeAccess } from '../ports/exchange.ts';
import type { Execution } from '../ports/execution.ts';
import type { OpenGradients } from '../ports/gradients.ts';
import type { JobAccess } from '../ports/job-host.ts';
import type { ModelStore } from '../ports/model-store.ts';
import type { Limits } from '../settings.ts';
import { docsAssets } from './docs-assets.ts';
import { loadLog } from './load-log.ts';
import { nearestWord } from './nearest-word.ts';
import { type Engine, openSessionWith } from './open-session.ts';
import type { PayloadEncryption } from './payload-encryption/payload-encryption.ts';
import { ProblemLog } from './problem-log.ts';
import type { ServiceLog } from './service-log.ts';
import { taskTools } from './task-tools.ts';
import { textOfVersion } from './text-of-version.ts';

export interface ServiceOptions {
  readonly store: ModelStore;
  /** Passes on what is too large for a request or an answer. @default none */
  readonly exchange?: ExchangeAccess | undefined;
  /** Where batch jobs are asked for. @default none */
  readonly batches?: BatchAccess | undefined;
  /** Where jobs are asked for that make models. @default none */
  readonly jobs?: JobAccess | undefined;
  /** Writes the metrics. @default none: nothing to be read at /metrics */
  readonly metrics?: ((dataPlane: DataPlane, caller: Caller | undefined) => Promise<MetricsText>) | undefined;
  /** Makes the data plane. @default one that keeps no answers */
  readonly makeDataPlane?: ((...parts: ConstructorParameters<typeof DataPlane>) => DataPlane) | undefined;
  /** Hears of each run that was answered. @default nobody does */
  readonly onRun?: RunObserver | undefined;
  /** Hears how far an explanation is. @default nobody does */
  readonly onEvaluations?: EvaluationsObserver | undefined;
  /** Writes down that a canary has no more calls. @default it has none on this host, for as long as that runs */
  readonly takeBack?: DataPlaneOptions['takeBack'];
  /** Opens models of other servers, for steps of ensembles. @default there are no other servers */
  readonly openRemoteModel?: DataPlaneOptions['openRemoteModel'];
  /** Runs beside calls wait until the host says that it has time, by `dataPlane.releases.background`. @default false */
  readonly holdsBackground?: boolean | undefined;
  /** Opens what callers encrypted. @default nothing: an encrypted request is refused */
  readonly payloads?: PayloadEncryption | undefined;
  /** Reads what callers have used. @default none: nothing to be read at /v1/usage */
  readonly usage?: HostParts['usage'];
  /** The routes of SageMaker's contract with a container. @default none */
  readonly sageMaker?: HostParts['more'];
  /** Whether callers need an API key, which the host checks by `admit`. @default false */
  readonly needsKey?: boolean;
  /** Prefix of all paths as callers see them. */
  readonly basePath: string;
  /** Runs of models at once. */
  readonly concurrency: number;
  /** Threads of one run. */
  readonly intraOpThreads: number;
  /** Where models run that do not say. @default on the processor */
  readonly execution?: Execution | undefined;
  /** Milliseconds after which a run that has not ended is given up. @default 0: never */
  readonly runTimeoutMs?: number;
  /** Bytes of model files kept loaded. */
  readonly memoryBudget: number;
  readonly limits: Limits;
  readonly engine: Engine;
  readonly log: ServiceLog;
  /** Hears of every version that begins to serve, and in which form. */
  readonly onLoaded?: SessionCacheOptions['onLoaded'];
}

/** The service without a host: what answers requests, wherever they come from. */
export interface Service {
  readonly dataPlane: DataPlane;
  handle(request: HttpRequest): Promise<HttpResponse>;
  /** Lets a request through, and says whose it is. Throws where it may not pass, or there is nothing at its path. */
  admit(request: Pick<HttpRequest, 'method' | 'path' | 'headers'>, authorize: Authorize): Caller | undefined;
  /** The pattern that a path matches, such as `/v2/models/:model/infer`; undefined where there is none. */
  routeOf(path: string): string | undefined;
  /** Takes in what the store has now. Rejects where it cannot be read. */
  refresh(): Promise<void>;
  /**
   * Takes in what aliases lead to now, of the models that were asked for lately: cheap enough to be done each few
   * seconds. Rejects where the store cannot be read.
   */
  refreshReleases(): Promise<void>;
  /** Lets go of models that are not in use, the one used longest ago first, until `isEnough`. */
  releaseIdle(isEnough: () => boolean): Promise<void>;
}

/**
 * Opens chat templates as the first conversation asks for them: a load is none the slower. The log hears of one that
 * cannot be used.
 */
function loggedTemplates(log: ServiceLog): OpenChatTemplate {
  return async (source, label) => {
    try {
      return await taskTools.chatTemplate(source);
    } catch (error) {
      log.warn({ reason: (error as Error).message }, `${label} answers no chats`);
      throw error;
    }
  };
}

/** The part of the memory for models that what gives their gradients may keep beside them. */
const gradientShare = 8;

/** Makes what gives gradients, as the first explanation asks for them; its runs have their turns with all others. */
function gradientsOf({ store, engine, intraOpThreads }: ServiceOptions, queue: RunQueue): OpenGradients {
  return async (wish) => {
    const { openGradients } = await import('./explain/open-gradients.ts');
    const gradients = await openGradients({ store, open: openSessionWith(engine), intraOpThreads })(wish);
    return { ...gradients, run: (ask, signal) => queue.run(() => gradients.run(ask, signal), signal) };
  };
}

/** Puts store, sessions, data plane and routes together. */
export function createService(options: ServiceOptions): Service {
  const { exchange, batches, jobs, metrics, usage, payloads, sageMaker, limits, log } = options;
  const maxLongRuns = Math.min(options.concurrency, availableParallelism());
  const queue = new RunQueue(options.concurrency, limits.maxConcurrentRequests, maxLongRuns);
  const watchdog = {
    runTimeoutMs: options.runTimeoutMs ?? 0,
    onStalled: ({ name, version }: ModelVersion, message: string) => log.error({ model: name, version }, message),
  };
  const gradients = new GradientCache(gradientsOf(options, queue), options.memoryBudget / gradientShare);
  const sessions = openSessions(options, queue, watchdog, () => gradients.letGo());
  const repository = new ModelRepository(options.store, sessions, nearestWord);
  const { onRun, takeBack, openRemoteModel, holdsBackground } = options;
  const more = { watchdog, onRun, takeBack, openRemoteModel, holdsBackground };
  const parts = [repository, sessions, queue, performance, more] as const;
  const dataPlane = options.makeDataPlane?.(...parts) ?? new DataPlane(...parts);
  const host = {
    exchange,
    batches,
    jobs,
    metrics: metrics && ((caller: Caller | undefined) => metrics(dataPlane, caller)),
    payloadKeys: payloads && (() => payloads.keySet()),
    usage,
    openChatTemplate: loggedTemplates(log),
    explain: {
      encodePicture: taskTools.encodePicture,
      typical: new TypicalCache((name, version) => textOfVersion(options.store, name, version, samplesFile)),
      gradients,
      onEvaluations: options.onEvaluations,
    },
    more: sageMaker,
  };
  const router = new Router(routes(dataPlane, performance, documented(options), host), limits.maxNameLength);
  const handle = async (request: HttpRequest) => withDeprecation(await router.handle(request), repository);
  const problems = new ProblemLog((problem, message) => log.warn(problem, message));
  return {
    dataPlane,
    handle: (request) => (payloads?.isFor(request) ? payloads.answer(request, handle) : handle(request)),
    routeOf: (path) => router.route(path),
    admit: (request, authorize) => router.admit(request, authorize),
    refresh: async () => {
      await repository.refresh();
      problems.update(repository.problems());
    },
    refreshReleases: () => repository.refreshReleases(performance.now()),
    releaseIdle: (isEnough) => sessions.releaseIdle(isEnough),
  };
}

/**
 * Keeps models loaded. What opens tasks and language models is loaded for models that have one: what a cold start loads
 * counts.
 */
function openSessions(
  options: ServiceOptions,
  turns: RunQueue,
  watchdog: Watchdog,
  onLetGo: () => Promise<void>,
): SessionCache {
  const { store, memoryBudget, limits, log } = options;
  const logs = loadLog(log);
  return new SessionCache(store, openSessionWith(options.engine), performance, {
    maxBytes: memoryBudget,
    intraOpThreads: options.intraOpThreads,
    execution: options.execution,
    taskOfFolder: async (model) => (await import('../core/hugging-face/task-of-folder.ts')).taskOfFolder(model),
    openTask: async (task, model) => {
      const { openTask } = await import('../core/tasks/open-task.ts');
      return openTask(task, { ...model, tools: taskTools, limits });
    },
    openLanguageModel: async (version, task, files) => {
      const { openLanguageModel } = await import('../core/generation/open-language-model.ts');
      const cacheBytes = memoryBudget / 4;
      const { tokenizer } = taskTools;
      const onText = (...tokens: Parameters<typeof textRun>) => options.onRun?.(version, textRun(...tokens));
      const host = { tokenizer, turns, clock: performance, timers: systemTimers, watchdog, cacheBytes, onText };
      return openLanguageModel(version, task, files, host);
    },
    ...logs,
    onLoaded: (version, report) => {
      logs.onLoaded(version, report);
      options.onLoaded?.(version, report);
    },
    onReleased: (version, reason) => {
      logs.onReleased(version, reason);
      void onLetGo();
    },
  });
}

/** What the document of the service tells of this one. */
function documented(options: ServiceOptions): DocsOptions {
  const { exchange, basePath, limits } = options;
  return {
    version: packageJson.version,
    basePath,
    limits,
    maxUploadBytes: exchange?.maxUploadBytes,
    hasBatches: options.batches !== undefined,
    hasJobs: options.jobs !== undefined,
    hasMetrics: options.metrics !== undefined,
    hasPayloadKeys: options.payloads !== undefined,
    hasUsage: options.usage !== undefined,
    hasSageMaker: options.sageMaker !== undefined,
    needsKey: options.needsKey ?? false,
    readAsset,
  };
}

async function readAsset(name: string) {
  const asset = docsAssets().get(name);
  return asset && { contentType: asset.contentType, body: await readFile(asset.path) };
}
