import type { PostprocessStep } from '../../ports/task.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { poolingConfigOf } from './pooling-config-of.ts';
import type { JsonObject, ReadText } from './read-json-file.ts';
import { type SentenceModule, sentenceModules } from './sentence-modules.ts';

interface Pooling {
  readonly pool: NonNullable<PostprocessStep['pool']>;
  /** How, in words. */
  readonly words: string;
}

/** In the form of sentence-transformers 5.3 and of those before. */
const modes = { mean: 'mean', mean_tokens: 'mean', cls: 'first', cls_token: 'first' } as const;
const known = ['Transformer', 'Pooling', 'Normalize'];

/**
 * How the vectors of a text's tokens become one, as sentence-transformers' modules.json and its pooling module's
 * config.json say; without them their mean, of the length 1. A model with the output `sentence_embedding` has made it
 * itself. Rejects with an Error where they say what there is no setting for.
 */
export async function poolingOf(readText: ReadText, outputs: readonly Pick<TensorSpec, 'name'>[]): Promise<Pooling> {
  const modules = await sentenceModules(readText);
  const normalize = !modules || modules.some(({ kind }) => kind === 'Normalize');
  const length = normalize ? ', of the length 1' : '';
  if (outputs.some(({ name }) => name === 'sentence_embedding'))
    return { pool: { normalize }, words: `by the model's own output sentence_embedding${length}` };
  if (modules) checkKnown(modules);
  const { folder, config } = await poolingConfigOf(readText, modules);
  if (!config) {
    if (modules) throw new Error('modules.json names no pooling that there is a config.json of');
    return { pool: {}, words: "by the mean of the tokens' vectors, as no 1_Pooling/config.json says how" };
  }
  const mode = modeOf(config, folder);
  const which = mode === 'mean' ? "mean of the tokens' vectors" : "first token's vector";
  return { pool: { mode, normalize }, words: `by the ${which}${length}` };
}

/** What else a vector goes through is not in a model whose outputs are the tokens' vectors. */
function checkKnown(modules: readonly SentenceModule[]): void {
  const other = modules.find(({ kind }) => !known.includes(kind));
  if (other)
    throw new Error(
      `modules.json has the module ${other.kind}, and there is ${known.join(', ')} alone; export the model with the output sentence_embedding, which has gone through all of them`,
    );
}

function modeOf(config: JsonObject, folder: string): 'mean' | 'first' {
  const { pooling_mode: given } = config;
  const flags = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const wanted = given === undefined ? flags.map((key) => key.slice('pooling_mode_'.length)) : [given].flat();
  const [only] = wanted;
  const found = Object.entries(modes).find(([name]) => name === only);
  if (found && wanted.length === 1) return found[1];
  throw new Error(
    `${folder}/config.json: expected one pooling_mode, mean or cls, got ${wanted.map(String).join(' and ') || 'none'}`,
  );
}
