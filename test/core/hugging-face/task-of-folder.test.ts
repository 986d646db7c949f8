import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { taskOfFolder } from '../../../src/core/hugging-face/task-of-folder.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';
import type { TensorSpec } from '../../../src/protocol/tensor-spec.ts';

const ids: TensorSpec = { name: 'input_ids', datatype: 'INT64', shape: [-1, -1] };
const pixels: TensorSpec = { name: 'pixel_values', datatype: 'FP32', shape: [-1, -1, -1, -1] };
const logits: TensorSpec = { name: 'logits', datatype: 'FP32', shape: [-1, 2] };
const hidden: TensorSpec = { name: 'last_hidden_state', datatype: 'FP32', shape: [-1, -1, 8] };
const sentence: TensorSpec = { name: 'sentence_embedding', datatype: 'FP32', shape: [-1, 8] };

/** What a folder with these files is taken for; files are JSON, or text as it is. */
function taken(
  files: Readonly<Record<string, unknown>>,
  inputs: readonly TensorSpec[] = [ids],
  outputs: readonly TensorSpec[] = [logits],
) {
  const readText = async (file: string) => {
    const content = files[file];
    if (content === undefined) throw new ServiceError(404, `there is no ${file}`);
    return typeof content === 'string' ? content : JSON.stringify(content);
  };
  const signature = { inputs, outputs, unservable: [], labels: new Map() };
  return taskOfFolder({ signature, readText });
}

describe('a folder of Hugging Face', () => {
  test('is for nothing in particular without a config.json', async () => {
    expect(await taken({ 'tokenizer.json': {} })).toBeUndefined();
  });

  test('classifies texts, by its labels, up to as many tokens as it takes', async () => {
    const found = await taken({
      'config.json': {
        architectures: ['DistilBertForSequenceClassification'],
        id2label: { 0: 'NEGATIVE', 2: 'POSITIVE' },
        max_position_embeddings: 512,
      },
      'tokenizer_config.json': { model_max_length: 128 },
    });
    expect(found).toEqual({
      config: { name: 'text-classification', preprocess: [{ tokenize: { maxTokens: 128 } }] },
      labels: new Map([['logits', ['NEGATIVE', '1', 'POSITIVE']]]),
      words: 'text-classification, as config.json names DistilBertForSequenceClassification; 128 tokens at most',
    });
  });

  test('fills the one input of a table, whatever it is called, with its columns', async () => {
    const config = { architectures: ['TensorgateForTabularClassification'], columns: ['a', 'b'] };
    const [x, y] = ['X', 'Y'].map((name): TensorSpec => ({ name, datatype: 'FP32', shape: [-1, 2] }));
    const found = await taken({ 'config.json': config }, x && [x]);
    expect(found?.config).toMatchObject({ preprocess: [{ columns: { inputs: { X: ['a', 'b'] } } }] });
    const two = await taken({ 'config.json': config }, x && y && [x, y]);
    expect(two?.words).toMatch(/which takes one input alone, and the model has 'X', 'Y'$/);
  });

  test.each([
    [{ model_max_length: 1e30 }, {}, {}, undefined, undefined],
    [{ model_max_length: 512 }, { max_position_embeddings: 256 }, {}, 256, undefined],
    [{}, { max_position_embeddings: 514, model_type: 'roberta' }, {}, 512, undefined],
    [{ model_max_length: 512 }, { max_position_embeddings: 512 }, { max_seq_length: 128 }, 128, undefined],
    [{ model_max_length: 512 }, { max_position_embeddings: 512 }, {}, 256, 256],
    [{ model_max_length: 128 }, {}, {}, 128, 256],
    [{}, {}, { max_seq_length: 256 }, 256, 128],
  ])('with %j, %j and %j takes %j tokens at most', async (tokens, config, sentences, maxTokens, truncated) => {
    const found = await taken({
      'config.json': { architectures: ['BertModel'], ...config },
      'tokenizer_config.json': tokens,
      'sentence_bert_config.json': sentences,
      'tokenizer.json': { truncation: truncated === undefined ? null : { max_length: truncated } },
    });
    expect(found?.config).toMatchObject({ preprocess: [{ tokenize: maxTokens === undefined ? {} : { maxTokens } }] });
  });

  test.each([
    ['multi_label_classification', [{ sigmoid: { output: 'logits' } }, { topK: { output: 'logits' } }]],
    ['regression', [{ value: { output: 'logits' } }]],
    ['single_label_classification', undefined],
  ])('of the problem %s ends its own way', async (problem_type, postprocess) => {
    const config = { architectures: ['BertForSequenceClassification'], problem_type };
    const found = await taken({ 'config.json': config });
    expect(found?.config).toMatchObject({ name: 'text-classification', ...(postprocess && { postprocess }) });
    if (!postprocess) expect(found?.config).not.toHaveProperty('postprocess');
  });

  test.each([
    ['BertForMaskedLM', [ids], 'for which there is none'],
    ['CLIPModel', [pixels], "which takes the input 'input_ids', and the model has 'pixel_values'"],
    ['ViTForImageClassification', [ids], "which takes the input 'pixel_values', and the model has 'input_ids'"],
    [
      'WhisperForSequenceClassification',
      [pixels],
      "which takes the input 'input_ids' or 'input_values', and the model has 'pixel_values'",
    ],
  ])('whose class is %s, with inputs %j, has no task', async (architecture, inputs, why) => {
    expect(await taken({ 'config.json': { architectures: [architecture] } }, inputs)).toEqual({
      labels: new Map(),
      words: `no task: config.json names ${architecture}, ${why}`,
    });
  });

  test.each([
    ['{"architectures": [', 'config.json is not JSON: '],
    [[], 'config.json: expected an object, as Hugging Face has it'],
    [{}, 'config.json names no architectures'],
    [
      { architectures: ['BertForSequenceClassification'], id2label: { a: 'b' } },
      'expected names by number, got ["a","b"]',
    ],
    [{ architectures: ['BertForSequenceClassification'], id2label: 'b' }, "'id2label': expected an object"],
  ])('whose config.json is %j has none, and says why', async (config, words) => {
    const found = await taken({ 'config.json': config });
    expect(found).toMatchObject({ words: expect.stringContaining(words) });
    expect(found).not.toHaveProperty('config');
  });

  test('that cannot be read now is not taken for one without a task', async () => {
    const readText = () => Promise.reject(new ServiceError(503, 'config.json cannot be read (EIO)'));
    const signature = { inputs: [ids], outputs: [logits], unservable: [], labels: new Map() };
    await expect(taskOfFolder({ signature, readText })).rejects.toMatchObject({ status: 503 });
  });
});

test.each(['LlamaForCausalLM', 'GPT2LMHeadModel'])('%s goes on with text', async (architecture) => {
  const found = await taken({ 'config.json': { architectures: [architecture], id2label: { 0: 'LABEL_0' } } });
  const words = `text-generation, as config.json names ${architecture}`;
  expect(found).toEqual({ config: { name: 'text-generation' }, labels: new Map(), words });
});

describe('vectors', () => {
  const config = { architectures: ['BertModel'] };
  const modules = (...kinds: readonly string[]) =>
    kinds.map((kind, index) => ({ type: `sentence_transformers.models.${kind}`, path: `${index}_${kind}` }));

  test.each([
    [['Transformer', 'Pooling', 'Normalize'], { pooling_mode_mean_tokens: true }, 'mean', true],
    [['Transformer', 'Pooling'], { pooling_mode_cls_token: true, pooling_mode_mean_tokens: false }, 'first', false],
  ])('are pooled as modules %j and %j say', async (kinds, pooling, mode, normalize) => {
    const found = await taken({
      'config.json': config,
      'modules.json': modules(...kinds),
      '1_Pooling/config.json': pooling,
    });
    expect(found?.config).toMatchObject({ postprocess: [{ pool: { mode, normalize } }] });
  });

  test.each([
    ['MPNetForMaskedLM', 'modules.json names a pooling'],
    ['BertModel', 'config.json names BertModel'],
    ['Qwen3ForCausalLM', 'modules.json names a pooling'],
  ])('are what %s of sentence-transformers gives', async (architecture, why) => {
    const files = {
      'config.json': { architectures: [architecture] },
      'modules.json': modules('Transformer', 'Pooling', 'Normalize'),
      '1_Pooling/config.json': { pooling_mode: 'mean' },
    };
    expect(await taken(files, [ids], [hidden])).toEqual({
      config: {
        name: 'feature-extraction',
        preprocess: [{ tokenize: {} }],
        postprocess: [{ pool: { mode: 'mean', normalize: true } }],
      },
      labels: new Map(),
      words: `feature-extraction, as ${why}; by the mean of the tokens' vectors, of the length 1`,
    });
  });

  test('are not what a file that gives logits is for, nor a cross-encoder, which pools nothing', async () => {
    const files = (...kinds: readonly string[]) => ({
      'config.json': { architectures: ['BertForSequenceClassification'] },
      'modules.json': modules(...kinds),
    });
    expect(await taken(files('Transformer', 'Pooling'))).toMatchObject({ config: { name: 'text-classification' } });
    const crossed = await taken(files('Transformer'), [ids], [{ ...logits, name: 'scores' }]);
    expect(crossed).toMatchObject({ config: { name: 'text-classification' } });
  });

  test.each(['Dense', 'WeightedLayerPooling'])(
    'that go through the module %s too are the model’s own output, or none',
    async (kind) => {
      const files = {
        'config.json': config,
        'modules.json': modules('Transformer', 'Pooling', kind, 'Normalize'),
        '1_Pooling/config.json': { pooling_mode_cls_token: true },
      };
      const none = await taken(files, [ids], [hidden]);
      expect(none?.words).toContain(`no task: modules.json has the module ${kind}, and there is Transformer, Pooling`);
      expect(none).not.toHaveProperty('config');
      expect(await taken(files, [ids], [hidden, sentence])).toMatchObject({
        config: { postprocess: [{ pool: { normalize: true } }] },
        words: expect.stringContaining("by the model's own output sentence_embedding, of the length 1"),
      });
    },
  );

  test.each([
    [{}, 'modules.json: expected a list of modules, got {}'],
    [[{ path: '' }], 'modules.json: expected {"type": "…", "path": "…"}, got {"path":""}'],
  ])('have no task where modules.json is %j', async (file, words) => {
    expect((await taken({ 'config.json': config, 'modules.json': file }, [ids], [hidden]))?.words).toContain(words);
  });

  const prompts = { prompts: { query: 'query: ', document: '' } };
  test.each<[object, object, object, string | undefined]>([
    [{}, { ...prompts, default_prompt_name: 'task' }, {}, `'default_prompt_name' is "task", and 'prompts' has no text`],
    [{}, { ...prompts, default_prompt_name: 'document' }, {}, undefined],
    [{}, { ...prompts, default_prompt_name: null }, {}, undefined],
    [{ do_lower_case: true }, {}, {}, "'do_lower_case' makes letters small, and tokenizer.json does not"],
    [{ do_lower_case: true }, {}, { normalizer: { type: 'BertNormalizer', lowercase: true } }, undefined],
    [{ do_lower_case: false }, {}, {}, undefined],
  ])('are of texts as they are sent: with %j, %j and %j', async (sentences, more, tokenizer, words) => {
    const files = {
      'config.json': config,
      'sentence_bert_config.json': sentences,
      'config_sentence_transformers.json': more,
      'tokenizer.json': tokenizer,
    };
    const found = await taken(files, [ids], [hidden]);
    if (words === undefined) expect(found?.config).toMatchObject({ name: 'feature-extraction' });
    else expect(found?.words).toContain(words);
    expect(found?.config === undefined).toBe(words !== undefined);
  });

  test('have the prompt before them that sentence-transformers puts there without being asked', async () => {
    const files = {
      'config.json': config,
      'config_sentence_transformers.json': { ...prompts, default_prompt_name: 'query' },
    };
    expect(await taken(files, [ids], [hidden])).toMatchObject({
      config: { name: 'feature-extraction', preprocess: [{ tokenize: { prompt: 'query: ' } }] },
      words: expect.stringContaining('; "query: " before each text; '),
    });
    const pooled = { ...files, '1_Pooling/config.json': { pooling_mode: 'mean', include_prompt: false } };
    const left = await taken(pooled, [ids], [hidden, sentence]);
    expect(left?.words).toContain(
      "1_Pooling/config.json: 'include_prompt' leaves the prompt's tokens out of the vector",
    );
    expect(left).not.toHaveProperty('config');
  });

  test('may be cut to the lengths that config.json says', async () => {
    const found = await taken({ 'config.json': { ...config, matryoshka_dimensions: [64, 128] } });
    expect(found?.config).toMatchObject({ postprocess: [{ pool: { dimensions: [64, 128] } }] });
    const broken = await taken({ 'config.json': { ...config, matryoshka_dimensions: 'any' } });
    expect(broken?.words).toBe('no task: config.json: matryoshka_dimensions: expected a list of lengths, got "any"');
  });

  test('are the mean where nothing says how, and that is said', async () => {
    const found = await taken({ 'config.json': config });
    expect(found).toMatchObject({
      config: { name: 'feature-extraction', postprocess: [{ pool: {} }] },
      words: expect.stringContaining('as no 1_Pooling/config.json says how'),
    });
  });

  test.each([
    [{ pooling_mode_max_tokens: true }, 'got max_tokens'],
    [{ pooling_mode_cls_token: true, pooling_mode_mean_tokens: true }, 'got cls_token and mean_tokens'],
    [{ pooling_mode: 'lasttoken' }, 'got lasttoken'],
    [{ pooling_mode: ['mean', 'cls'] }, 'got mean and cls'],
    [{}, 'got none'],
  ])('are not guessed at where %j is asked for', async (pooling, words) => {
    const found = await taken({ 'config.json': config, '1_Pooling/config.json': pooling });
    expect(found).toMatchObject({ words: expect.stringContaining(words) });
    expect(found).not.toHaveProperty('config');
  });
});

describe('pictures', () => {
  test('need a preprocessor_config.json', async () => {
    const config = { architectures: ['ViTForImageClassification'] };
    expect(await taken({ 'config.json': config }, [pixels])).toMatchObject({
      words: expect.stringContaining('there is no preprocessor_config.json'),
    });
  });

  test('become others, larger ones', async () => {
    const config = { architectures: ['Swin2SRForImageSuperResolution'] };
    const processor = { image_processor_type: 'Swin2SRImageProcessor', pad_size: 8 };
    const found = await taken({ 'config.json': config, 'preprocessor_config.json': processor }, [pixels]);
    const pictureTensor = { layout: 'CHW', mirrorTo: 8, scale: 1 / 255 };
    expect(found?.config).toEqual({ name: 'image-to-image', preprocess: [{ decodeImage: {} }, { pictureTensor }] });
  });

  test.each([
    ['detr', [{ softmax: { output: 'logits' } }, { boxes: { background: 2 } }]],
    ['rt_detr', [{ sigmoid: { output: 'logits' } }, { boxes: { form: 'center' } }]],
  ])('have objects as the kind %s gives them', async (model_type, postprocess) => {
    const config = { architectures: ['XForObjectDetection'], model_type, id2label: { 0: 'a', 1: 'b' } };
    const found = await taken({ 'config.json': config, 'preprocessor_config.json': {} }, [pixels]);
    expect(found?.config).toMatchObject({ postprocess });
  });
});

describe('sounds', () => {
  const values: TensorSpec = { name: 'input_values', datatype: 'FP32', shape: [-1, -1] };
  const heard = (processor: unknown) => {
    const config = { architectures: ['Wav2Vec2ForSequenceClassification'], id2label: { 0: 'no', 1: 'yes' } };
    return taken({ 'config.json': config, 'preprocessor_config.json': processor }, [values]);
  };

  test.each([
    [{}, 16000, true],
    [{ sampling_rate: 8000, do_normalize: false }, 8000, false],
  ])('become waves as the extractor with %j makes them', async (settings, rate, normalize) => {
    const found = await heard({ feature_extractor_type: 'Wav2Vec2FeatureExtractor', ...settings });
    const preprocess = [{ decodeSound: {} }, { resample: { rates: [rate] } }, { wave: { normalize } }];
    expect(found).toMatchObject({
      config: { name: 'audio-classification', preprocess },
      labels: new Map([['logits', ['no', 'yes']]]),
    });
  });

  test.each([
    [
      'ASTForAudioClassification',
      'input_values',
      { feature_extractor_type: 'ASTFeatureExtractor', num_mel_bins: 64, mean: -1, std: 2 },
      { as: 'ast', bands: 64, frames: 1024, mean: -1, std: 2 },
    ],
    [
      'ASTForAudioClassification',
      'input_values',
      { feature_extractor_type: 'ASTFeatureExtractor', do_normalize: false },
      { as: 'ast', bands: 128, frames: 1024, mean: 0, std: 0.5 },
    ],
    [
      'WhisperForAudioClassification',
      'input_features',
      { feature_extractor_type: 'WhisperFeatureExtractor', feature_size: 128, chunk_length: 10 },
      { as: 'whisper', bands: 128, frames: 1000 },
    ],
  ])('of %s become spectra', async (architecture, name, processor, logMel) => {
    const config = { architectures: [architecture], id2label: { 0: 'no', 1: 'yes' } };
    const input: TensorSpec = { name, datatype: 'FP32', shape: [-1, -1, -1] };
    const found = await taken({ 'config.json': config, 'preprocessor_config.json': processor }, [input]);
    const preprocess = [{ decodeSound: {} }, { resample: { rates: [16000] } }, { logMel }];
    expect(found).toMatchObject({ config: { name: 'audio-classification', preprocess } });
  });

  test.each([
    [{ feature_extractor_type: 'ClapFeatureExtractor' }, 'got "ClapFeatureExtractor"; say in model.json how a sound'],
    [{ feature_extractor_type: 'WhisperFeatureExtractor', n_fft: 512 }, "'n_fft': expected 400, got 512"],
    [
      { feature_extractor_type: 'ASTFeatureExtractor', sampling_rate: 8000 },
      "'sampling_rate': expected 16000, got 8000",
    ],
    [{ feature_extractor_type: 'ASTFeatureExtractor', max_length: 0 }, "'max_length': expected a number, got 0"],
    [
      { feature_extractor_type: 'Wav2Vec2FeatureExtractor', sampling_rate: 'high' },
      "'sampling_rate': expected a number",
    ],
    [undefined, 'there is no preprocessor_config.json'],
  ])('are not guessed at where the extractor is %j', async (processor, words) => {
    const found = await heard(processor);
    expect(found?.words).toContain(words);
    expect(found).not.toHaveProperty('config');
  });
});

test('whatever the files hold, there is a task, or words why there is none', async () => {
  const values: TensorSpec = { name: 'input_values', datatype: 'FP32', shape: [-1, -1] };
  const inputsOf = { Sequence: [ids], Image: [pixels], Audio: [values] };
  const keys = [
    'size',
    'crop_size',
    'resample',
    'image_mean',
    'rescale_factor',
    'sampling_rate',
    'max_seq_length',
    'id2label',
  ];
  const object = fc.dictionary(
    fc.constantFrom(...keys, 'problem_type', 'model_type', 'model_max_length'),
    fc.jsonValue(),
  );
  const file = fc.oneof(object, fc.jsonValue(), fc.string());
  const files = [
    'preprocessor_config.json',
    'modules.json',
    '1_Pooling/config.json',
    'sentence_bert_config.json',
    'tokenizer_config.json',
  ];
  const folder = fc.record(Object.fromEntries(files.map((name) => [name, file])), { requiredKeys: [] });
  const kinds = fc.constantFrom('Sequence' as const, 'Image' as const, 'Audio' as const);
  await fc.assert(
    fc.asyncProperty(folder, object, kinds, fc.boolean(), async (beside, config, kind, isModel) => {
      const architectures = [isModel ? 'XModel' : `XFor${kind}Classification`];
      const found = await taken({ ...beside, 'config.json': { ...config, architectures } }, inputsOf[kind]);
      expect(found?.config !== undefined || found?.words.startsWith('no task: ')).toBe(true);
      expect(found?.words).not.toMatch(/undefined|is not a function|cannot read/i);
    }),
    { numRuns: 500 },
  );
});
