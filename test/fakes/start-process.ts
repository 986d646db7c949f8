import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface StartedServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** All that it has written to stdout so far. */
  output(): string;
}

/** Starts `tensorgate serve` on a free port and waits until it accepts. The caller ends it. */
export async function startProcess(models: string, ...options: string[]): Promise<StartedServer> {
  const child = spawn(process.execPath, ['cli/tensorgate.js', 'serve', '--models', models, '--port', '0', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
      const found = /listening on (http:\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it accepted`)));
  });
  return { url, process: child, output: () => output };
}

/** Asks the server to end, and makes it after 15 s; resolves to its exit code, null where it had to be made. */
export async function stopProcess(server: StartedServer): Promise<number | null> {
  if (server.process.exitCode !== null) return server.process.exitCode;
  server.process.kill('SIGTERM');
  const force = setTimeout(() => server.process.kill('SIGKILL'), 15_000);
  const [code] = (await once(server.process, 'exit')) as [number | null];
  clearTimeout(force);
  return code;
}
