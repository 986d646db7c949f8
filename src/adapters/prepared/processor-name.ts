import { hexDigest } from '../hex-digest.ts';

/**
 * What of /proc/cpuinfo decides which kernels the runtime takes, and so how it lays weights out and which operators it
 * fuses: the block of convolutions is 16 with AVX-512 and 8 without it, and quantized products have a form for each
 * extension. Source: MLAS_PLATFORM in onnxruntime/core/mlas/lib/platform.cpp.
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

/**
 * The last of the extensions that /proc/cpuinfo tells, for people, and a digest of all; of the processor's model where
 * the system has no such file.
 */
export function processorName(arch: string, cpuInfo: string, model = ''): string {
  const [, flags] = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuInfo) ?? [];
  const found = new Set(flags?.trim().split(/\s+/));
  const relevant = flags === undefined ? [model] : (extensions[arch] ?? [...found]).filter((flag) => found.has(flag));
  const digest = hexDigest(relevant.join(' ')).slice(0, 8);
  const last = flags === undefined ? undefined : relevant.at(-1);
  return last === undefined ? digest : `${last}-${digest}`;
}
