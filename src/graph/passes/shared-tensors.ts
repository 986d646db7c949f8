import { countElements } from '../../protocol/count-elements.ts';
import { elementBits } from '../element-bits.ts';
import { makeTensor } from '../make-tensor.ts';
import type { OnnxTensor } from '../onnx-model.ts';

/** Name, type and shape of a tensor. */
export type TensorPlan = readonly [name: string, dataType: number, shape: readonly number[]];

/**
 * Tensors that are made together, when the first of them is asked for. They are kept until each was asked for once, and
 * then made anew: so what is written one after the other is made once, and what is made of a whole model is never in
 * memory together.
 */
export function sharedTensors(
  plans: readonly TensorPlan[],
  make: () => Promise<readonly ArrayBufferView[]>,
): readonly OnnxTensor[] {
  let made: ReturnType<typeof make> | undefined;
  let left = new Set<number>();
  const take = (index: number) => {
    if (!made || !left.has(index)) {
      made = make();
      left = new Set(plans.keys());
    }
    left.delete(index);
    const taken = made;
    if (left.size === 0) made = undefined;
    return taken;
  };
  return plans.map(([name, dataType, shape], index) => {
    const elements = countElements(shape);
    const length = (elements * (elementBits[dataType] as number)) / 8;
    return makeTensor(name, dataType, shape, {
      length,
      async *pieces() {
        const { buffer, byteOffset, byteLength } = (await take(index))[index] as ArrayBufferView;
        yield new Uint8Array(buffer, byteOffset, byteLength);
      },
    });
  });
}
