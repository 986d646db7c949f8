import { isObject } from '../../protocol/is-object.ts';
import { type JsonObject, type ReadText, readJsonFile } from './read-json-file.ts';

/**
 * The object that a JSON file of a version holds; undefined where there is no such file. Rejects with an Error for what
 * is none.
 */
export async function readObject(readText: ReadText, file: string): Promise<JsonObject | undefined> {
  const value = await readJsonFile(readText, file);
  if (value === undefined || isObject(value)) return value;
  throw new Error(`${file}: expected an object, as Hugging Face has it`);
}
