import { ServiceError } from '../protocol/service-error.ts';
import type { ModelRepository } from './model-repository.ts';
import { shownJson } from './shown-json.ts';

/**
 * Unloads a model, and by Triton's parameter `unload_dependents` what it is made of, each of which the caller must be
 * let through to: by `mayManage`, which throws before anything is unloaded. Rejects with 404, and 400 for what is no
 * flag.
 */
export async function unloadModel(
  repository: ModelRepository,
  name: string,
  parameters: unknown,
  mayManage: (model: string) => void,
): Promise<void> {
  const parts = readFlag(parameters) ? repository.partsOf(name) : [];
  for (const part of parts) mayManage(part);
  await repository.unload(name, parts);
}

function readFlag(parameters: unknown): boolean {
  if (typeof parameters !== 'object' || parameters === null) return false;
  const { unload_dependents: value = false } = parameters as Record<string, unknown>;
  if (typeof value === 'boolean') return value;
  throw new ServiceError(400, `parameter 'unload_dependents': expected true or false, got ${shownJson(value)}`);
}
