import { readFile } from 'node:fs/promises';
import type { CandidateTarget } from '../src/graph/candidates.ts';

/** Where models are to run. */
export type TargetName = 'cpu' | 'lambda-x86' | 'lambda-arm' | 'gpu';

export interface OptimizeTarget extends CandidateTarget {
  /** Why times that are measured here say little of it; undefined where they do. */
  readonly whyElsewhere: string | undefined;
}

/** What is known of a target from here: `cpu` is this machine. */
export async function optimizeTarget(name: TargetName): Promise<OptimizeTarget> {
  const isGpu = name === 'gpu';
  const architecture = { cpu: process.arch, 'lambda-x86': 'x64', 'lambda-arm': 'arm64', gpu: undefined }[name];
  const isElsewhere = architecture !== process.arch;
  return {
    isGpu,
    // Lambda does not say what processors it has: some of x86 are without VNNI.
    hasWideProducts: name === 'cpu' ? process.arch !== 'x64' || (await hasVnni()) : name !== 'lambda-x86',
    whyElsewhere: isElsewhere
      ? `times were measured on a processor of ${process.arch}, not on ${isGpu ? 'a GPU' : (architecture as string)}: measure on the target before you promote`
      : undefined,
  };
}

async function hasVnni(): Promise<boolean> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^flags\b.*\b(avx512_vnni|avx_vnni)\b/m.test(text);
}
