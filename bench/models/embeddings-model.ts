import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { seededRandom } from '../../src/core/seeded-random.ts';
import type { StoredModel } from './stored-model.ts';
import { textEncoderModel } from './text-encoder-model.ts';

const tokenizer = resolve(import.meta.dirname, '../../../shared/testdata/all-minilm-l6-v2-int8/tokenizer.json');
const [fewest, most] = [4, 126];

export interface EmbeddingsModel extends StoredModel {
  /** A folder with the same model as sentence-transformers takes it. */
  readonly folder: string;
  /** Texts of mixed length: most are short, few are long, as texts are. */
  readonly texts: readonly string[];
}

/**
 * An encoder of the sizes of MiniLM with MiniLM's tokenizer, as a model of embeddings; undefined where
 * ../shared/testdata is not there.
 */
export function embeddingsModel(count: number): EmbeddingsModel | undefined {
  if (!existsSync(tokenizer)) return undefined;
  const model = textEncoderModel('embeddings', { pools: false });
  copyFileSync(tokenizer, `${dirname(model.path)}/tokenizer.json`);
  writeFileSync(`${model.repository}/${model.name}/model.json`, JSON.stringify({ task: 'feature-extraction' }));
  const folder = `${model.repository}-folder`;
  writeFolder(folder, model.path);
  return { ...model, folder, texts: mixedTexts(count) };
}

function mixedTexts(count: number): readonly string[] {
  const { vocab } = JSON.parse(readFileSync(tokenizer, 'utf8')).model as { vocab: Record<string, number> };
  const words = Object.keys(vocab).filter((word) => /^[a-z]{3,}$/.test(word));
  const random = seededRandom();
  return Array.from({ length: count }, () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const length = Math.round(Math.min(most, Math.max(fewest, 20 * Math.exp(0.6 * normal))));
    return Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ');
  });
}

function writeFolder(folder: string, model: string): void {
  const write = (path: string, content: object) => writeFileSync(`${folder}/${path}`, JSON.stringify(content));
  for (const part of ['onnx', '1_Pooling', '2_Normalize']) mkdirSync(`${folder}/${part}`, { recursive: true });
  copyFileSync(model, `${folder}/onnx/model.onnx`);
  copyFileSync(tokenizer, `${folder}/tokenizer.json`);
  write('tokenizer_config.json', {
    tokenizer_class: 'BertTokenizer',
    model_max_length: 256,
    // The model takes no token_type_ids.
    model_input_names: ['input_ids', 'attention_mask'],
  });
  write('sentence_bert_config.json', { max_seq_length: 256, do_lower_case: false });
  write('1_Pooling/config.json', { word_embedding_dimension: 384, pooling_mode_mean_tokens: true });
  write('config.json', {
    architectures: ['BertModel'],
    model_type: 'bert',
    hidden_size: 384,
    intermediate_size: 1536,
    num_attention_heads: 12,
    num_hidden_layers: 6,
    max_position_embeddings: 512,
    vocab_size: 30_522,
  });
  const module = (idx: number, name: string, path: string) => ({
    idx,
    name: String(idx),
    path,
    type: `sentence_transformers.models.${name}`,
  });
  writeFileSync(
    `${folder}/modules.json`,
    JSON.stringify([
      module(0, 'Transformer', ''),
      module(1, 'Pooling', '1_Pooling'),
      module(2, 'Normalize', '2_Normalize'),
    ]),
  );
}
