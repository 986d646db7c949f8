import { type ChildProcess, spawn } from 'node:child_process';

/** Starts a program of Node, gives it `input`, and waits for `pattern` on its stdout. The caller ends it. */
export async function startChild(
  args: readonly string[],
  pattern: RegExp,
  input: Uint8Array = new Uint8Array(),
): Promise<{ child: ChildProcess; found: string }> {
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(input);
  let output = '';
  const found = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      const match = pattern.exec(output)?.[1];
      if (match) resolve(match);
    });
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${output}`)));
  });
  return { child, found };
}
