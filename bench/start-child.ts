import { type ChildProcess, spawn } from 'node:child_process';

/** Starts a program of Node, or of `command`, gives it `input`, and waits for `pattern` on its stdout. The caller ends it. */
export async function startChild(
  args: readonly string[],
  pattern: RegExp,
  input: Uint8Array = new Uint8Array(),
  command = process.execPath,
): Promise<{ child: ChildProcess; found: string }> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  // However the bench ends, nothing that it started stays behind.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  // A program that ended before it read everything is reported by its exit code.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let output = '';
  const found = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      const match = pattern.exec(output)?.[1];
      if (match) resolve(match);
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${output}`)));
  });
  return { child, found };
}
