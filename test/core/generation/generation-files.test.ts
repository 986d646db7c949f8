import { expect, test } from '@jest/globals';
import { readGenerationFiles } from '../../../src/core/generation/generation-files.ts';
import { ServiceError } from '../../../src/protocol/service-error.ts';

function read(files: Readonly<Record<string, unknown>>) {
  return readGenerationFiles(async (file) => {
    if (!Object.hasOwn(files, file)) throw new ServiceError(404, 'there is none');
    const content = files[file];
    return typeof content === 'string' ? content : JSON.stringify(content);
  });
}

const tokenizer = { 'tokenizer.json': '{}' };

test('reads what there is, each thing from the file that says it first', async () => {
  expect(await read(tokenizer)).toEqual({
    tokenizer: '{}',
    tokenizerConfig: undefined,
    endTokens: [],
    maxPositions: undefined,
  });
  const config = { eos_token_id: 2, max_position_embeddings: 512 };
  expect(await read({ ...tokenizer, 'config.json': config })).toMatchObject({ endTokens: [2], maxPositions: 512 });
  const generation = { eos_token_id: [1, 2] };
  const both = { ...tokenizer, 'config.json': config, 'generation_config.json': generation };
  expect(await read(both)).toMatchObject({ endTokens: [1, 2] });
});

test.each([
  [{ n_positions: 1024 }, 1024],
  [{ n_ctx: 2048 }, 2048],
  [{ text_config: { max_position_embeddings: 4096 } }, 4096],
  [{ max_position_embeddings: null }, 77],
])('config.json %j says how many tokens the model takes: %d', async (config, positions) => {
  const files = { ...tokenizer, 'config.json': config, 'tokenizer_config.json': { model_max_length: 77 } };
  expect(await read(files)).toMatchObject({ maxPositions: positions });
});

test('a tokenizer without a bound has none', async () => {
  const files = { ...tokenizer, 'tokenizer_config.json': { model_max_length: 1e30 } };
  expect((await read(files)).maxPositions).toBeUndefined();
});

test.each([
  [{}, 'it has no tokenizer.json'],
  [{ ...tokenizer, 'generation_config.json': '{,}' }, 'generation_config.json is not JSON'],
  [{ ...tokenizer, 'config.json': [] }, 'config.json: expected an object'],
])('%j is refused in words', async (files, message) => {
  await expect(read(files)).rejects.toThrow(message);
});

test('what the store cannot read now is no missing file', async () => {
  const readText = async () => {
    throw new ServiceError(503, 'the bucket is away');
  };
  await expect(readGenerationFiles(readText)).rejects.toMatchObject({ status: 503 });
});
