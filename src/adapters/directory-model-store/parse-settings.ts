/** The JSON of a settings file. Throws an Error that callers may read. */
export function parseSettings(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`not JSON: ${(error as Error).message}`);
  }
}
