const extensions = [
  'binary_tensor_data',
  'classification',
  'model_configuration',
  'model_repository',
  'model_repository(unload_dependents)',
  'schedule_policy',
  'sequence',
  'statistics',
];

/** What the server is, in the words of the protocol. */
export function serverMetadata(version: string): { name: string; version: string; extensions: readonly string[] } {
  return { name: 'tensorgate', version, extensions };
}
