/** A tokenizer.json of the words a and b, with one token before a text and one after it, and at most 5 in all. */
export const wordTokenizer = {
  version: '1.0',
  truncation: { direction: 'Right', max_length: 5, strategy: 'LongestFirst', stride: 0 },
  padding: null,
  added_tokens: [1, 2].map((id) => ({
    id,
    content: id === 1 ? '<s>' : '</s>',
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: { type: 'Whitespace' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '<s>', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '</s>', type_id: 0 } },
    ],
    pair: [],
    special_tokens: {
      '<s>': { id: '<s>', ids: [1], tokens: ['<s>'] },
      '</s>': { id: '</s>', ids: [2], tokens: ['</s>'] },
    },
  },
  decoder: null,
  model: { type: 'WordLevel', vocab: { '<unk>': 0, '<s>': 1, '</s>': 2, a: 3, b: 4 }, unk_token: '<unk>' },
};
