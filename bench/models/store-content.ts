import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { StoredModel } from './stored-model.ts';

const folder = resolve(import.meta.dirname, '../../.cache/bench');

/** Puts a model's file in a repository of its own. */
export function storeContent(name: string, content: Uint8Array): StoredModel {
  const repository = `${folder}/${name}`;
  const path = `${repository}/${name}/1/model.onnx`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return { name, repository, path, bytes: content.length };
}
