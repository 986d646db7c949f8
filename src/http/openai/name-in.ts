/** The name in a `model` of OpenAI's API, which may have `@` and a version or alias behind it. */
export function nameIn(model: string): string {
  return model.split('@', 1)[0] ?? '';
}
