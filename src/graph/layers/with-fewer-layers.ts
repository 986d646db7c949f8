import type { OnnxModel } from '../onnx-model.ts';
import { keepLayers } from './keep-layers.ts';
import { layersToKeep } from './layers-to-keep.ts';
import { repeatedLayers } from './repeated-layers.ts';

export interface FewerLayers {
  readonly model: OnnxModel;
  /** The places of those that are kept, from 0 on. */
  readonly kept: readonly number[];
  /** How many there were. */
  readonly of: number;
}

/**
 * The model with so many of the layers that it repeats: the first, the last, and those evenly between them. Throws an
 * Error where it has none, or no more.
 */
export function withFewerLayers(model: OnnxModel, layers: number): FewerLayers {
  const found = repeatedLayers(model.graph);
  if (found.length === 0)
    throw new Error(
      'expected layers that the model repeats, each giving one value to the next, as the blocks of transformers do, found none',
    );
  if (layers >= found.length) throw new Error(`the model has ${found.length} layers: expected fewer, got ${layers}`);
  const kept = layersToKeep(found.length, layers);
  return { model: keepLayers(model, found, (layer) => kept.includes(layer)), kept, of: found.length };
}
