/** Bodies, without their model, for routes that are told the model in the body alone; by path. */
export const bodiesWithModel: Readonly<Record<string, object>> = {
  '/v1/embeddings': { input: 'x' },
  '/v1/rerank': { query: 'x', documents: ['y'] },
  '/v2/rerank': { query: 'x', documents: ['y'] },
  '/rerank': { query: 'x', texts: ['y'] },
  '/v1/completions': { prompt: 'x' },
  '/v1/chat/completions': { messages: [{ role: 'user', content: 'x' }] },
};
