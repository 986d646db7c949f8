import type { ModelRepository } from '../../core/model-repository.ts';
import type { ModelVersion } from '../../core/model-version.ts';

/** The version that a `model` of OpenAI's API means: a name, or a name with `@` and a version or alias behind it. Throws as `resolve` does. */
export function modelOf(repository: ModelRepository, model: string): ModelVersion {
  const [name = '', reference] = model.split('@', 2);
  return repository.resolve(name, reference);
}
