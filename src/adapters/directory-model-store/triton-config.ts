/** The file in which Triton has a model's settings. */
export const tritonConfig = 'config.pbtxt';

/** What is said of one beside the versions of a model. */
export function tritonConfigBeside(name: string): string {
  return `'${name}/${tritonConfig}' is not read: model.json has batching, instances and the like (docs/server.md, "Coming from Triton")`;
}
