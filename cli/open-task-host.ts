import { availableParallelism } from 'node:os';
import { createService } from '../src/adapters/create-service.ts';
import type { EvaluationsObserver } from '../src/core/explain/explain-host.ts';
import { modelMetadata } from '../src/core/model-metadata.ts';
import { defaultLimits } from '../src/settings.ts';
import { askServer } from './ask-server.ts';
import { chooseVersion } from './choose-version.ts';
import { findModel } from './find-model.ts';
import { modelPath } from './model-path.ts';
import type { ModelReference } from './model-reference.ts';
import { onlyVersion } from './only-version.ts';
import { readMetadata } from './read-metadata.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';
import { serverUrl } from './server-url.ts';
import { silentLog } from './silent-log.ts';
import type { TaskHost } from './task-host.ts';

/** Where a model is asked. */
export interface TaskHostOptions {
  readonly models: string;
  readonly url?: string;
  /** Keys whose signatures count; all is loaded without them. */
  readonly requireSignature?: string;
}

/**
 * Opens what answers by the task of a model: the server that the options name, or this process. Rejects with an Error
 * that says why there is none.
 *
 * @param onEvaluations hears how far an explanation is that this process makes; a server does not tell
 */
export function openTaskHost(
  model: ModelReference,
  options: TaskHostOptions,
  onEvaluations?: EvaluationsObserver,
): Promise<TaskHost> {
  const { url } = options;
  return url === undefined ? openHere(model, options, onEvaluations) : openThere(serverUrl(url), model);
}

async function openThere(url: string, model: ModelReference): Promise<TaskHost> {
  const ask = async (path: string, body: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await askServer(`${url}${path.replace(':model', modelPath(model))}`, {
      method: 'POST',
      headers,
      body,
    });
    return (await response.json()) as unknown;
  };
  return { metadata: await readMetadata(url, model), ask, close: async () => undefined };
}

async function openHere(
  { name, version: wanted }: ModelReference,
  options: TaskHostOptions,
  onEvaluations: EvaluationsObserver | undefined,
): Promise<TaskHost> {
  const { store, model } = await findModel(options.models, name, options.requireSignature);
  if (model.problem) throw new Error(`model '${name}' cannot be served: ${model.problem}`);
  refuseEnsemble(model, 'serve it, and ask the server with --url');
  const service = createService({
    store: onlyVersion(store, model, chooseVersion(model, wanted)),
    basePath: '',
    concurrency: 1,
    intraOpThreads: availableParallelism(),
    memoryBudget: Number.MAX_SAFE_INTEGER,
    // What a server bounds for the sake of other callers.
    limits: { ...defaultLimits, maxBodyBytes: Number.MAX_SAFE_INTEGER },
    engine: 'auto',
    log: silentLog,
    onEvaluations,
  });
  await service.refresh();
  const gone = () => new AbortController().signal;
  const ask = async (pattern: string, text: string) => {
    const path = pattern.replace(':model', modelPath({ name }));
    const request = { method: 'POST', path, headers: {}, body: Buffer.from(text), requestId: '', gone };
    const { body } = await service.handle(request);
    return JSON.parse(Buffer.concat(body).toString()) as unknown;
  };
  return {
    metadata: await modelMetadata(service.dataPlane, name),
    ask,
    close: () => service.dataPlane.repository.unload(name),
  };
}
