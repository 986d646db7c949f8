/** What of a preprocessor_config.json, for pictures, there is no setting for, or is not in a form that is known. */
export function refusedProcessor(what: string): Error {
  return new Error(`preprocessor_config.json: ${what}; say in model.json how a picture becomes the model's input`);
}
