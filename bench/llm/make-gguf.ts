import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { DecoderModel } from '../models/decoder-model.ts';

/**
 * Writes a model of the same sizes as llama.cpp takes it, with weights of 32 bits, or of 4. Returns its path. Throws
 * where that fails.
 */
export function makeGguf(python: string, { path, kind, sizes }: DecoderModel): string {
  const target = join(dirname(path), 'model.gguf');
  const args = ['bench/peers/make_gguf.py', target, kind === 'int4' ? 'Q4_0' : 'F32', JSON.stringify(sizes)];
  const { status, stderr } = spawnSync(python, args, { encoding: 'utf8', timeout: 120_000 });
  if (status === 0) return target;
  throw new Error(`make_gguf.py failed: ${stderr.trim().split('\n').at(-1)}`);
}
