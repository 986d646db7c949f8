import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Papa from 'papaparse';
import { openTokenizer } from '../../src/adapters/open-tokenizer.ts';

/** Questions of a bank's customers as tokens, with the class of each. */
export interface BankingTexts {
  readonly ids: readonly (readonly number[])[];
  readonly classes: readonly string[];
}

/**
 * Reads the texts of banking77 that are for training, or for the test, as the tokenizer of a model's folder has them.
 */
export async function bankingTexts(part: 'train' | 'test', folder: string): Promise<BankingTexts> {
  const { encode } = await openTokenizer(readFileSync(`${folder}/tokenizer.json`, 'utf8'));
  const file = resolve(import.meta.dirname, `../../../shared/testdata/data/banking77-${part}.csv`);
  const { data } = Papa.parse<{ text: string; category: string }>(readFileSync(file, 'utf8').trim(), { header: true });
  const texts = await Promise.all(data.map(({ text }) => encode(text, true)));
  return { ids: texts.map(({ ids }) => ids), classes: data.map(({ category }) => category) };
}
