import { isObject } from '../../protocol/is-object.ts';
import { shownJson } from '../shown-json.ts';
import { type ReadText, readJsonFile } from './read-json-file.ts';

/** A part of a model of sentence-transformers: a class, without what it is of, and the folder of its files. */
export interface SentenceModule {
  readonly kind: string;
  readonly path: string;
}

/**
 * What a text goes through, in order, as modules.json of sentence-transformers has it; undefined where there is none.
 * Rejects with an Error for what is no list of modules.
 */
export async function sentenceModules(readText: ReadText): Promise<readonly SentenceModule[] | undefined> {
  const modules = await readJsonFile(readText, 'modules.json');
  if (modules === undefined) return undefined;
  if (!Array.isArray(modules)) throw new Error(`modules.json: expected a list of modules, got ${shownJson(modules)}`);
  return modules.map((module: unknown) => {
    const { type, path = '' } = isObject(module) ? module : {};
    if (typeof type !== 'string' || typeof path !== 'string')
      throw new Error(`modules.json: expected {"type": "…", "path": "…"}, got ${shownJson(module)}`);
    return { kind: type.slice(type.lastIndexOf('.') + 1), path };
  });
}
