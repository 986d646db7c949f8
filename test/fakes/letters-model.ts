import { buildOnnx, type OnnxGraph, type OnnxValue } from './onnx-builder.ts';

const tokens = 258;
const tokenOf = (character: string) => 2 + character.charCodeAt(0);
const markers = [
  { id: 0, content: '<s>' },
  { id: 1, content: '</s>' },
].map((marker) => ({
  ...marker,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
}));

/** Which token follows which: letters in order up to the end of the text behind z, a ! itself. */
function table(): Uint8Array {
  const scores = new Float32Array(tokens * tokens);
  const follows = (before: number, after: number) => {
    scores[before * tokens + after] = 12;
  };
  for (const letter of 'abcdefghijklmnopqrstuvwxy')
    follows(tokenOf(letter), tokenOf(String.fromCharCode(letter.charCodeAt(0) + 1)));
  follows(tokenOf('z'), 1);
  follows(tokenOf('!'), tokenOf('!'));
  return new Uint8Array(scores.buffer);
}

const cache = (name: string, length: string): OnnxValue[] =>
  ['key', 'value'].map((kind) => ({ name: `${name}.0.${kind}`, datatype: 'FP32', shape: ['N', 1, length, 1] }));

const graph: OnnxGraph = {
  inputs: [{ name: 'input_ids', datatype: 'INT64', shape: ['N', 'M'] }, ...cache('past_key_values', 'P')],
  outputs: [{ name: 'logits', datatype: 'FP32', shape: ['N', 'M', tokens] }, ...cache('present', 'Q')],
  nodes: [
    { op: 'Gather', inputs: ['table', 'input_ids'], outputs: ['logits'] },
    { op: 'Cast', inputs: ['input_ids'], outputs: ['ids'], attributes: { to: 1 } },
    { op: 'Unsqueeze', inputs: ['ids', 'axes'], outputs: ['new'] },
    ...['key', 'value'].map((kind) => ({
      op: 'Concat',
      inputs: [`past_key_values.0.${kind}`, 'new'],
      outputs: [`present.0.${kind}`],
      attributes: { axis: 2 },
    })),
  ],
  initializers: [
    { name: 'table', datatype: 'FP32', shape: [tokens, tokens], data: table() },
    { name: 'axes', datatype: 'INT64', shape: [2], data: new Uint8Array(new BigInt64Array([1n, 3n]).buffer) },
  ],
};

const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: markers,
  normalizer: null,
  pre_tokenizer: null,
  post_processor: null,
  decoder: { type: 'Sequence', decoders: [{ type: 'ByteFallback' }, { type: 'Fuse' }] },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: true,
    ignore_merges: false,
    merges: [],
    vocab: Object.fromEntries([
      ['<s>', 0],
      ['</s>', 1],
      ...Array.from({ length: 256 }, (_, byte) => [
        `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
        2 + byte,
      ]),
    ]),
  },
};

/** The files of a version of a language model that says the alphabet from the last letter on, and a ! without end. */
export const lettersModel: ReadonlyMap<string, Uint8Array> = new Map([
  ['model.onnx', buildOnnx(graph)],
  ...Object.entries({
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': { bos_token: '<s>', eos_token: '</s>', chat_template: '{{ messages[0].content }}' },
    'config.json': { max_position_embeddings: 4096, eos_token_id: 1 },
  }).map(([name, content]): [string, Uint8Array] => [name, Buffer.from(JSON.stringify(content))]),
]);
