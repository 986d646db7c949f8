import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { CandidateTarget } from '../src/graph/candidates.ts';

/** Where models are to run. */
export type TargetName = 'cpu' | 'lambda-x86' | 'lambda-arm' | 'gpu';

export interface OptimizeTarget extends CandidateTarget {
  /** The processor of this machine, or its GPU, where all is measured. */
  readonly measuredOn: string;
  /** What the times that are measured here do not say of it; undefined where it is this machine. */
  readonly note: string | undefined;
  /** Its times are another matter than those here: nothing is refused for being slow. */
  readonly isElsewhere: boolean;
}

/**
 * What is known of a target from here: `cpu` is this machine.
 *
 * @param hasGpu models run on a GPU of this machine, where `gpu` is measured then
 */
export async function optimizeTarget(name: TargetName, hasGpu = false): Promise<OptimizeTarget> {
  if (hasGpu)
    return { isGpu: true, weightBits: [8], measuredOn: 'a GPU of this machine', note: undefined, isElsewhere: false };
  const architecture = { cpu: process.arch, 'lambda-x86': 'x64', 'lambda-arm': 'arm64', gpu: 'a GPU' }[name];
  const isElsewhere = architecture !== process.arch;
  const hasVnni = process.arch === 'x64' && (await knowsVnni());
  const isX86 = process.arch === 'x64';
  const measuredOn = `${process.arch}, ${cpus()[0]?.model ?? 'unknown'}${isX86 ? `, ${hasVnni ? 'with' : 'without'} VNNI` : ''}`;
  return {
    isGpu: name === 'gpu',
    weightBits: weightBitsOf(architecture, { isElsewhere, hasVnni, isHere: name === 'cpu' }),
    measuredOn,
    note: name === 'cpu' ? undefined : noteOf(name, architecture, isElsewhere, measuredOn),
    isElsewhere,
  };
}

interface Here {
  readonly isElsewhere: boolean;
  readonly hasVnni: boolean;
  /** The target is this machine, and no other of its kind. */
  readonly isHere: boolean;
}

/**
 * Where products of 8 bits overflow, they do before the gate. Where they do not here, but may there, the gate would not
 * see it.
 */
function weightBitsOf(architecture: string, { isElsewhere, hasVnni, isHere }: Here): CandidateTarget['weightBits'] {
  if (architecture !== 'x64' || (isHere && hasVnni)) return [8];
  return isElsewhere || hasVnni ? [7] : [8, 7];
}

function noteOf(name: TargetName, architecture: string, isElsewhere: boolean, measuredOn: string): string {
  const where = isElsewhere ? `not on ${architecture}` : `and ${name} does not say which processor it has`;
  return `times and answers are those of this machine (${measuredOn}), ${where}: measure on the target before you promote`;
}

async function knowsVnni(): Promise<boolean> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  return /^flags\b.*\b(avx512_vnni|avx_vnni)\b/m.test(text);
}
