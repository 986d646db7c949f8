import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startChild } from './start-child.ts';

/** A server process of a comparison; disposing of it ends it. */
export interface BenchServer extends AsyncDisposable {
  readonly port: number;
  readonly pid: number;
}

/** Starts Tensorgate over the model repository `models`, with its own defaults. Resolves once the models are loaded. */
export function startTensorgate(models: string): Promise<BenchServer> {
  return startServer(['cli/main.ts', 'serve', '--models', models, '--port', '0', '--log-level', 'error']);
}

/** Starts a program that prints `listening on http://127.0.0.1:PORT`. */
export async function startServer(args: readonly string[], input?: Uint8Array, command?: string): Promise<BenchServer> {
  const { child, found } = await startChild(args, /listening on http:\/\/127\.0\.0\.1:(\d+)/, input, command);
  return { port: Number(found), pid: child.pid as number, [Symbol.asyncDispose]: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 3000);
  await ended;
  clearTimeout(force);
}
