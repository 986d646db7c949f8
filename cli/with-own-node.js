import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const name = process.platform === 'win32' ? 'node.exe' : 'node';
const node = fileURLToPath(new URL(`../node_modules/node/bin/${name}`, import.meta.url));

/** Runs the command with the Node in node_modules: same arguments, streams, signals and exit code. */
export function withOwnNode() {
  if (!existsSync(node)) {
    console.error(
      `error: Node ${process.versions.node} cannot run TypeScript; install Node 22.18 or newer, or run npm install here`,
    );
    process.exitCode = 1;
    return;
  }
  const entry = fileURLToPath(new URL('./tensorgate.js', import.meta.url));
  const env = { ...process.env, TENSORGATE_LAUNCHER: String(process.pid) };
  const child = spawn(node, [entry, ...process.argv.slice(2)], { stdio: 'inherit', env });
  const forward = (signal) => child.kill(signal);
  // A terminal sends Ctrl-C to both; a second one would cut the first one's orderly end short.
  const interrupt = process.stdin.isTTY ? () => undefined : forward;
  process.on('SIGTERM', forward).on('SIGINT', interrupt);
  child.on('error', (error) => {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.off('SIGTERM', forward).off('SIGINT', interrupt);
    if (signal) process.kill(process.pid, signal);
    else process.exitCode = code ?? 1;
  });
}
