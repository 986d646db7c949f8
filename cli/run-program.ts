import type { Command } from 'commander';
import { endProcess } from '../src/adapters/end-process.ts';
import { runWords } from './run-words.ts';

/** Runs the command that this process's words ask for, of those that there are, and ends with its exit code. */
export async function runProgram(loads: Readonly<Record<string, () => Promise<Command>>>): Promise<void> {
  // Node's own end takes the runtime down beside its threads: of jobs that were done, one in twenty ended with a fault
  // of memory.
  process.once('beforeExit', (code) => {
    process.emit('exit', code);
    void endProcess(code);
  });
  await runWords(process.argv.slice(2), loads);
}
