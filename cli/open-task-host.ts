import { availableParallelism } from 'node:os';
import { createService } from '../src/adapters/create-service.ts';
import { modelMetadata } from '../src/core/model-metadata.ts';
import { defaultLimits } from '../src/settings.ts';
import { askServer } from './ask-server.ts';
import { chooseVersion } from './choose-version.ts';
import { findModel } from './find-model.ts';
import type { InferOptions } from './infer-options.ts';
import { modelPath } from './model-path.ts';
import type { ModelReference } from './model-reference.ts';
import { onlyVersion } from './only-version.ts';
import { readMetadata } from './read-metadata.ts';
import { refuseEnsemble } from './refuse-ensemble.ts';
import { serverUrl } from './server-url.ts';
import type { TaskAnswer, TaskHost } from './task-host.ts';

/** Opens what answers by the task of a model: the server that the options name, or this process. Rejects with an Error that says why there is none. */
export function openTaskHost(model: ModelReference, options: InferOptions): Promise<TaskHost> {
  const { url } = options;
  return url === undefined ? openHere(model, options) : openThere(serverUrl(url), model);
}

async function openThere(url: string, model: ModelReference): Promise<TaskHost> {
  const predict = async (body: string) => {
    const headers = { 'content-type': 'application/json' };
    const response = await askServer(`${url}/v1/predict/${modelPath(model)}`, {
      method: 'POST',
      headers,
      body,
    });
    return (await response.json()) as TaskAnswer;
  };
  return { metadata: await readMetadata(url, model), predict, close: async () => undefined };
}

async function openHere({ name, version: wanted }: ModelReference, options: InferOptions): Promise<TaskHost> {
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
    log: { info: nothing, warn: nothing, error: nothing },
  });
  await service.refresh();
  const path = `/v1/predict/${modelPath({ name })}`;
  const gone = () => new AbortController().signal;
  const predict = async (text: string) => {
    const request = { method: 'POST', path, headers: {}, body: Buffer.from(text), requestId: '', gone };
    const { body } = await service.handle(request);
    return JSON.parse(Buffer.concat(body).toString()) as TaskAnswer;
  };
  return {
    metadata: await modelMetadata(service.dataPlane, name),
    predict,
    close: () => service.dataPlane.repository.unload(name),
  };
}

function nothing(): void {}
