import { nameIn } from './name-in.ts';

/** The version or alias behind the `@` of a `model` of OpenAI's API; undefined where there is none. */
export function referenceIn(model: string): string | undefined {
  const name = nameIn(model);
  return model === name ? undefined : model.slice(name.length + 1);
}
