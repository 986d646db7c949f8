import type { DataPlane } from '../core/data-plane.ts';
import { indexFor } from '../core/index-for.ts';
import { modelConfig } from '../core/model-config.ts';
import { modelMetadata } from '../core/model-metadata.ts';
import { refuseLoadParameters } from '../core/refuse-load-parameters.ts';
import { serverMetadata } from '../core/server-metadata.ts';
import { statisticsOf } from '../core/statistics-of.ts';
import { unloadModel } from '../core/unload-model.ts';
import type { Access } from '../ports/authorize.ts';
import type { Caller } from '../ports/caller.ts';
import { notOffered } from '../protocol/not-offered.ts';
import { ServiceError } from '../protocol/service-error.ts';

/** What requests of one answer are made of, decoded as inference.proto has them; what was not sent is empty. */
export interface GrpcRequest {
  readonly name: string;
  readonly version: string;
  readonly ready: boolean;
  readonly repository_name: string;
  readonly model_name: string;
  readonly parameters: object;
}

/** Answers a decoded request with what is to be encoded; without a caller, who needs no key. */
type Handler = (request: GrpcRequest, caller: Caller | undefined) => object | Promise<object>;

/** What a caller must have, and what answers. */
export type GrpcMethod = readonly [access: Access, handler: Handler];

/** The methods of inference.GRPCInferenceService by their name, but for the inferences themselves. */
export function methods(
  dataPlane: DataPlane,
  serverVersion: string,
  isReady: () => boolean,
): Readonly<Record<string, GrpcMethod>> {
  const { repository } = dataPlane;
  return {
    ServerLive: ['open', () => ({ live: true })],
    ServerReady: ['open', () => ({ ready: isReady() })],
    ServerMetadata: ['any', () => serverMetadata(serverVersion)],
    ModelReady: ['read', ({ name, version }) => ({ ready: isModelReady(dataPlane, name, version) })],
    ModelMetadata: ['read', ({ name, version }) => modelMetadata(dataPlane, name, version || undefined)],
    ModelConfig: [
      'read',
      async ({ name, version }) => {
        const found = repository.resolve(name, version || undefined);
        return { config: modelConfig(found, await dataPlane.signature(found)) };
      },
    ],
    ModelStatistics: [
      'read',
      ({ name, version }, caller) => statisticsOf(repository, caller, name || undefined, version || undefined),
    ],
    RepositoryIndex: [
      'read',
      ({ repository_name, ready }, caller) => {
        checkRepository(repository_name);
        return { models: indexFor(caller, repository, ready) };
      },
    ],
    RepositoryModelLoad: [
      'admin',
      async ({ repository_name, model_name, parameters }) => {
        checkRepository(repository_name);
        refuseLoadParameters(parameters);
        await repository.load(model_name);
        return {};
      },
    ],
    RepositoryModelUnload: [
      'admin',
      async ({ repository_name, model_name, parameters }, caller) => {
        checkRepository(repository_name);
        await unloadModel(repository, model_name, plainParameters(parameters), (part) => caller?.check('admin', part));
        return {};
      },
    ],
    ...refused(notOffered.sharedMemory, [
      'SystemSharedMemoryStatus',
      'SystemSharedMemoryRegister',
      'SystemSharedMemoryUnregister',
      'CudaSharedMemoryStatus',
      'CudaSharedMemoryRegister',
      'CudaSharedMemoryUnregister',
    ]),
    ...refused(notOffered.tracing, ['TraceSetting']),
    ...refused(notOffered.logging, ['LogSettings']),
  };
}

/** As Triton answers: a model that there is not is not ready. */
function isModelReady({ repository }: DataPlane, name: string, version: string): boolean {
  try {
    return repository.whyModelNotReady(name, version || undefined) === undefined;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}

/** Each is a oneof, of which the field that was sent is there. */
function plainParameters(parameters: object): object {
  return Object.fromEntries(Object.entries(parameters).map(([name, choice]) => [name, Object.values(choice)[0]]));
}

function checkRepository(name: string): void {
  if (name === '') return;
  throw new ServiceError(
    501,
    `repository_name: there is one repository, which has no name; got '${name.slice(0, 50)}'`,
  );
}

function refused(reason: string, names: readonly string[]): Record<string, GrpcMethod> {
  const refuse = () => {
    throw new ServiceError(501, reason);
  };
  return Object.fromEntries(names.map((name) => [name, ['admin', refuse]]));
}
