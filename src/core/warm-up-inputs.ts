import type { ModelConfig } from '../ports/model-store.ts';
import { countElements } from '../protocol/count-elements.ts';
import type { Tensor } from '../protocol/tensor.ts';
import type { TensorSpec } from '../protocol/tensor-spec.ts';
import { mostElements } from './most-elements.ts';
import { zeroTensor } from './zero-tensor.ts';

/**
 * Zeros for each input of a model, in the shapes that its settings give; free dimensions are 1 without them.
 *
 * Throws an Error where the settings name what the model has not, or an input is larger than any warm-up needs.
 */
export function warmUpInputs(specs: readonly TensorSpec[], shapes: ModelConfig['warmupShapes']): readonly Tensor[] {
  const unknown = Object.keys(shapes).find((name) => !specs.some((spec) => spec.name === name));
  if (unknown !== undefined) {
    const known = specs.map((spec) => `'${spec.name}'`).join(', ') || 'none';
    throw new Error(
      `model.json names a warm-up shape of the input '${unknown}', which the model has not; it has ${known}`,
    );
  }
  return specs.map((spec) => {
    const given = Object.hasOwn(shapes, spec.name) ? shapes[spec.name] : undefined;
    if (given && !fits(spec, given)) {
      throw new Error(
        `model.json gives input '${spec.name}' the warm-up shape [${given}]; it takes [${spec.shape}], -1 being any size`,
      );
    }
    const shape = given ?? spec.shape.map((size) => Math.abs(size));
    const elements = countElements(shape);
    if (elements <= mostElements) return zeroTensor(spec, shape);
    throw new Error(
      `input '${spec.name}' of shape [${shape}] would have ${elements} elements; a warm-up takes ${mostElements} at most`,
    );
  });
}

function fits(spec: TensorSpec, shape: readonly number[]): boolean {
  return shape.length === spec.shape.length && spec.shape.every((size, i) => size === -1 || size === shape[i]);
}
