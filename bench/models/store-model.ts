import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { BenchInput, BenchModel } from './bench-model.ts';

const folder = resolve(import.meta.dirname, '../../.cache/bench');

/** Puts a model in a repository of its own. */
export function storeModel(name: string, content: Uint8Array, input: BenchInput, output: string): BenchModel {
  const repository = `${folder}/${name}`;
  const path = `${repository}/${name}/1/model.onnx`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return { name, repository, path, bytes: content.length, input, output };
}
