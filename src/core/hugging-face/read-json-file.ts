import { readOptional } from './read-optional.ts';

/** A JSON object, none of whose members is known to be what it should. */
export type JsonObject = Readonly<Record<string, unknown>>;

export type ReadText = (file: string) => Promise<string>;

/**
 * What a JSON file of a version holds; undefined where there is none. Rejects with an Error that says what is wrong
 * with it.
 */
export async function readJsonFile(readText: ReadText, file: string): Promise<unknown> {
  const text = await readOptional(readText, file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
