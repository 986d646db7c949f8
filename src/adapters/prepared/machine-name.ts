import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { testedVersion } from '../onnx-native/tested-version.ts';
import { processorName } from './processor-name.ts';

let known: string | undefined;

/**
 * The kind of machine that a prepared form is made for: the runtime's version, system, architecture and instruction
 * sets; a name that a folder may have.
 */
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
