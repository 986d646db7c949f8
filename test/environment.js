import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's sandbox has typed arrays of its own, which native code does not take for typed arrays: hand in the real ones.
 */
export default class extends TestEnvironment {
  async setup() {
    await super.setup();
    const real = {
      ArrayBuffer,
      SharedArrayBuffer,
      Uint8Array,
      Int8Array,
      Uint16Array,
      Int16Array,
      Uint32Array,
      Int32Array,
    };
    const more = { BigInt64Array, BigUint64Array, Float32Array, Float64Array, Uint8ClampedArray, DataView };
    Object.assign(this.global, real, more);
  }
}
