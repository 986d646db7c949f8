import type { CudaOptions } from '../../src/ports/session.ts';

/** The machine's first GPU, or nothing. */
export const firstGpu: CudaOptions = { deviceId: 0, memoryBytes: 0, orCpu: false };
