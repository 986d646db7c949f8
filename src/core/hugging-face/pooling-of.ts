import type { PostprocessStep } from '../../ports/task.ts';
import { isObject } from '../../protocol/is-object.ts';
import type { JsonObject, ReadText } from './read-json-file.ts';
import { readJsonFile } from './read-json-file.ts';
import { readObject } from './read-object.ts';

interface Pooling {
  readonly pool: NonNullable<PostprocessStep['pool']>;
  /** How, in words. */
  readonly words: string;
}

const modes = { pooling_mode_mean_tokens: 'mean', pooling_mode_cls_token: 'first' } as const;

/**
 * How the vectors of a text's tokens become one, as sentence-transformers' modules.json and its pooling module's
 * config.json say; without them their mean, of the length 1. Rejects with an Error where they say what there is no
 * setting for.
 */
export async function poolingOf(readText: ReadText): Promise<Pooling> {
  const modules = await readJsonFile(readText, 'modules.json');
  const config = await readObject(readText, `${poolingFolder(modules)}/config.json`);
  if (!config) {
    if (modules !== undefined) throw new Error('modules.json names no pooling that there is a config.json of');
    return { pool: {}, words: "by the mean of the tokens' vectors, as no 1_Pooling/config.json says how" };
  }
  const mode = modeOf(config);
  const normalize =
    modules === undefined || (Array.isArray(modules) && modules.some((each) => isModule(each, 'Normalize')));
  const length = normalize ? ', of the length 1' : '';
  return {
    pool: { mode, normalize },
    words: `by the ${mode === 'mean' ? "mean of the tokens' vectors" : "first token's vector"}${length}`,
  };
}

function poolingFolder(modules: unknown): string {
  const pooling = Array.isArray(modules) ? modules.find((each) => isModule(each, 'Pooling')) : undefined;
  return isObject(pooling) && typeof pooling.path === 'string' ? pooling.path : '1_Pooling';
}

function isModule(value: unknown, kind: string): boolean {
  return isObject(value) && typeof value.type === 'string' && value.type.endsWith(`.${kind}`);
}

function modeOf(config: JsonObject): 'mean' | 'first' {
  const wanted = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const [only] = wanted;
  const known = Object.entries(modes).find(([key]) => key === only);
  if (known && wanted.length === 1) return known[1];
  throw new Error(
    `1_Pooling/config.json: expected one of ${Object.keys(modes).join(' and ')}, got ${wanted.join(' and ') || 'none'}`,
  );
}
