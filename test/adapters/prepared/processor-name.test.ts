import { expect, test } from '@jest/globals';
import { machineName } from '../../../src/adapters/prepared/machine-name.ts';
import { processorName } from '../../../src/adapters/prepared/processor-name.ts';

const x64 = (flags: string) => processorName('x64', `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t: spectre\n`);

test('processors with the same extensions that count have one name, whatever else they have, in whatever order', () => {
  expect(x64('fpu avx avx2 fma sgx')).toMatch(/^fma-[0-9a-f]{8}$/);
  expect(x64('fma avx2 avx')).toBe(x64('fpu avx avx2 fma sgx'));
});

test('each extension that changes layouts or kernels changes the name', () => {
  const all = 'avx avx2 fma avx_vnni avx512f avx512bw avx512dq avx512vl avx512_vnni avx_vnni_int8 amx_int8'.split(' ');
  const names = all.map((_flag, index) => x64(all.slice(0, index + 1).join(' ')));
  expect(new Set(names).size).toBe(all.length);
  const arm64 = (features: string) => processorName('arm64', `Features\t: ${features}\n`);
  expect(arm64('fp asimd asimddp i8mm')).toMatch(/^i8mm-/);
  expect(arm64('fp asimd asimddp i8mm')).not.toBe(arm64('fp asimd asimddp'));
  expect(arm64('fp asimd asimddp')).not.toBe(x64('fp asimd asimddp'));
});

test('where the system does not tell extensions, the model of the processor counts', () => {
  expect(processorName('arm64', '', 'Apple M3')).toMatch(/^[0-9a-f]{8}$/);
  expect(processorName('arm64', '', 'Apple M3')).not.toBe(processorName('arm64', '', 'Apple M4'));
});

test('the name of this machine is one that a folder may have', () => {
  expect(machineName()).toMatch(/^1\.30\.0-[a-z0-9]+-[a-z0-9]+-[a-z0-9_-]+$/);
});
