import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../../src/adapters/onnx-files/write-onnx-model.ts';
import { type DecoderForm, type DecoderSizes, decoderGraph } from '../../test/fakes/decoder-graph.ts';
import { buildOnnx } from '../../test/fakes/onnx-builder.ts';
import { storeContent } from './store-content.ts';
import type { StoredModel } from './stored-model.ts';

export type DecoderSize = '15M' | '110M';
export type DecoderKind = 'plain' | 'grouped' | 'int4';

/** A language model with random weights, and what there is to know of it. */
export interface DecoderModel extends StoredModel {
  readonly sizes: DecoderSizes;
  readonly kind: DecoderKind;
}

const sizes: Readonly<Record<DecoderSize, DecoderSizes>> = {
  '15M': { layers: 6, width: 288, hidden: 768, heads: 6, cacheHeads: 6, vocabulary: 32_000, positions: 1024 },
  '110M': { layers: 12, width: 768, hidden: 2048, heads: 12, cacheHeads: 12, vocabulary: 32_000, positions: 1024 },
};
const forms: Readonly<Record<DecoderKind, DecoderForm>> = {
  plain: { attention: 'concat' },
  grouped: { attention: 'grouped' },
  int4: { attention: 'grouped', weights: 'INT4' },
};

/**
 * A decoder as Llama is one: caches handed on, or GroupQueryAttention; and that with weights of 4 bits. Its weights lie
 * beside it, as ONNX Runtime's model builder has them.
 */
export async function decoderModel(size: DecoderSize, kind: DecoderKind): Promise<DecoderModel> {
  const model = storeContent(`decoder-${size}-${kind}`, buildOnnx(decoderGraph(sizes[size], forms[kind])));
  await writeOnnxModel(await openOnnxModel(model.path), model.path, { externalData: true });
  writeFileSync(join(dirname(model.path), 'genai_config.json'), JSON.stringify(genaiConfig(sizes[size]), null, 2));
  return { ...model, sizes: sizes[size], kind };
}

/** What onnxruntime-genai wants to know of a model. */
function genaiConfig({ layers, width, heads, cacheHeads, vocabulary, positions }: DecoderSizes): object {
  const numbered = (name: string) => name.replace('#', '%d');
  return {
    model: {
      type: 'llama',
      bos_token_id: 1,
      eos_token_id: vocabulary - 1,
      pad_token_id: 0,
      context_length: positions,
      vocab_size: vocabulary,
      decoder: {
        filename: 'model.onnx',
        head_size: width / heads,
        hidden_size: width,
        num_attention_heads: heads,
        num_hidden_layers: layers,
        num_key_value_heads: cacheHeads,
        session_options: { provider_options: [] },
        inputs: {
          input_ids: 'input_ids',
          attention_mask: 'attention_mask',
          past_key_names: numbered('past_key_values.#.key'),
          past_value_names: numbered('past_key_values.#.value'),
        },
        outputs: {
          logits: 'logits',
          present_key_names: numbered('present.#.key'),
          present_value_names: numbered('present.#.value'),
        },
      },
    },
    search: { max_length: positions, do_sample: false, past_present_share_buffer: true },
  };
}
