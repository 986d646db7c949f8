/** How messages name a version of a model. */
export function versionLabel(model: string, version: number | string): string {
  return `model '${model}' version ${version}`;
}
