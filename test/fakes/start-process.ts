import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface StartedServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Its exit code, null where a signal ended it, and that signal. */
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  /** All that it has written to stdout so far. */
  output(): string;
  /** All that it has written to stderr so far, which is on ours too. */
  errors(): string;
}

/** Starts `tensorgate serve` on a free port and waits until it accepts. The caller ends it. */
export async function startProcess(models: string, ...options: string[]): Promise<StartedServer> {
  const child = spawn(process.execPath, ['cli/tensorgate.js', 'serve', '--models', models, '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Asked for now: who waits for something else before may come when it has ended.
  const ended = once(child, 'close') as StartedServer['ended'];
  let output = '';
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
    process.stderr.write(chunk);
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      const found = /listening on (http:\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    });
    ended.then(([code]) => reject(new Error(`the server ended with ${code} before it accepted`)), reject);
  });
  return { url, process: child, ended, output: () => output, errors: () => errors };
}

/** Asks the server to end, and makes it after 15 s; resolves to its exit code, null where it had to be made. */
export async function stopProcess(server: StartedServer): Promise<number | null> {
  server.process.kill('SIGTERM');
  const force = setTimeout(() => server.process.kill('SIGKILL'), 15_000);
  const [code] = await server.ended;
  clearTimeout(force);
  return code;
}
