import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { testedVersion } from '../onnx-native/tested-version.ts';

/**
 * What of /proc/cpuinfo decides which kernels the runtime takes, and so how it lays weights out and which operators it fuses: the block of
 * convolutions is 16 with AVX-512 and 8 without it, and quantized products have a form for each extension.
 * Source: MLAS_PLATFORM in onnxruntime/core/mlas/lib/platform.cpp.
 */
const extensions: Readonly<Record<string, readonly string[]>> = {
  x64: [
    'avx',
    'avx2',
    'fma',
    'avx_vnni',
    'avx512f',
    'avx512bw',
    'avx512dq',
    'avx512vl',
    'avx512_vnni',
    'avx_vnni_int8',
    'amx_int8',
  ],
  arm64: ['asimddp', 'asimdhp', 'i8mm', 'bf16', 'sve', 'svei8mm', 'sme', 'sme2'],
};

let known: string | undefined;

/** The kind of machine that a prepared form is made for: the runtime's version, system, architecture and instruction sets; a name that a folder may have. */
export function machineName(): string {
  known ??= [
    testedVersion,
    process.platform,
    process.arch,
    processorName(process.arch, readCpuInfo(), cpus()[0]?.model),
  ].join('-');
  return known;
}

function readCpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'latin1');
  } catch {
    return '';
  }
}

/** A digest of the extensions that are there; of the processor's model where the system does not tell them. */
function processorName(arch: string, cpuInfo: string, model = ''): string {
  const [, flags] = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuInfo) ?? [];
  const found = new Set(flags?.trim().split(/\s+/));
  const relevant = flags === undefined ? [model] : (extensions[arch] ?? [...found]).filter((flag) => found.has(flag));
  return createHash('sha256').update(relevant.join(' ')).digest('hex').slice(0, 8);
}
