import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/**
 * Jest's sandbox, with two changes.
 *
 * Its global object is a plain one. That of Jest is a proxy, which is asked each time that a test or what it tests says
 * `Math`: half a microsecond, in which a plain one is read a hundred times.
 *
 * And it has typed arrays of its own, which native code does not take for typed arrays: hand in the real ones.
 */
export default class extends TestEnvironment {
  constructor(...options) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...options);
    } finally {
      vm.createContext = createContext;
    }
  }

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
