import { stat } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { ModelConfig } from '../src/ports/model-store.ts';
import { chooseVersion } from './choose-version.ts';
import { type FilesToPush, filesToPush } from './files-to-push.ts';
import { findReleases } from './find-releases.ts';
import { modelReference } from './model-reference.ts';

/** A model that others are to be made of. */
export interface Source {
  /** As it is called in what is made of it. */
  readonly label: string;
  /** The model of the repository whose version it is; undefined where it is a file. */
  readonly name: string | undefined;
  readonly toPush: FilesToPush;
  /** Shapes of random inputs, where `model.json` has them. */
  readonly warmupShapes: ModelConfig['warmupShapes'];
}

/**
 * The ONNX file or folder at a path, or a model of the repository, such as fraud or fraud@4, with the files beside it.
 * Rejects with an Error where there is none, or it is made of others.
 */
export async function findSource(target: string, uri: string): Promise<Source> {
  if (await stat(target).catch(() => undefined)) {
    return { label: target, name: undefined, toPush: await filesToPush([target]), warmupShapes: {} };
  }
  if (/[\\/]|\.onnx$/i.test(target)) throw new Error(`there is no file ${target}`);
  const { name, version } = modelReference(target);
  const { store, model } = await findReleases(uri, name);
  const number = chooseVersion(model, version);
  const { folder, path } = await store.fetch(model.name, number);
  // In a folder of Hugging Face's layout the model is not at the top.
  const at = relative(folder, dirname(path)).startsWith('..') ? dirname(path) : folder;
  return { label: `${name}@${number}`, name, toPush: await filesToPush([at]), warmupShapes: model.config.warmupShapes };
}
