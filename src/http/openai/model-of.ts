import type { ModelRepository } from '../../core/model-repository.ts';
import type { ModelVersion } from '../../core/model-version.ts';
import { nameIn } from './name-in.ts';

/** The version that a `model` of OpenAI's API means: a name, or a name with `@` and a version or alias behind it. Throws as `resolve` does. */
export function modelOf(repository: Pick<ModelRepository, 'resolve'>, model: string): ModelVersion {
  const name = nameIn(model);
  return repository.resolve(name, model === name ? undefined : model.slice(name.length + 1));
}
