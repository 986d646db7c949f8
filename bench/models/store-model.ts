import type { BenchInput, BenchModel } from './bench-model.ts';
import { storeContent } from './store-content.ts';

/** Puts a model in a repository of its own. */
export function storeModel(name: string, content: Uint8Array, input: BenchInput, output: string): BenchModel {
  return { ...storeContent(name, content), input, output };
}
