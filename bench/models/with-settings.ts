import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoredModel } from './stored-model.ts';

/** The model with `settings` as its model.json, in a repository of its own, whose folder is marked by `label`. */
export function withSettings<T extends StoredModel>(model: T, label: string, settings: object): T {
  const repository = `${model.repository}-${label}`;
  const path = `${repository}/${model.name}/1/model.onnx`;
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(model.path, path);
  writeFileSync(`${repository}/${model.name}/model.json`, JSON.stringify(settings));
  return { ...model, repository, path };
}
