import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** How much of the GPUs that this process sees is used, by all there are together. */
export interface GpuUse {
  /** Hundredths of the time in which something ran there, on average over them. */
  readonly gpuPercent: number;
  readonly gpuMemoryMb: number;
}

const query = ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits'];
const patienceMs = 5000;

/** Asks the program that comes with NVIDIA's driver. Undefined where it is not there, or does not say. */
export async function readGpuUse(program: string = 'nvidia-smi'): Promise<GpuUse | undefined> {
  const answer = await promisify(execFile)(program, query, { timeout: patienceMs }).catch(() => undefined);
  const gpus = (answer?.stdout ?? '')
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));
  // A part of a GPU may have no figures of its own: `[N/A]`.
  if (!gpus.every((figures) => figures.length === 2 && figures.every(Number.isFinite))) return undefined;
  const sum = (figure: 0 | 1) => gpus.reduce((all, figures) => all + (figures[figure] as number), 0);
  return { gpuPercent: sum(0) / gpus.length, gpuMemoryMb: sum(1) };
}
