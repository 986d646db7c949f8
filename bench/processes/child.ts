import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

const longestMs = 10 * 60_000;

/** A process of the benchmarks; it ends with this one at the latest, however that ends. */
export class Child {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #command: string;

  /** Starts `command` with `input` on its stdin, which stays open for `send` where there is none. */
  constructor(
    command: string,
    args: readonly string[],
    { input, env = process.env }: { readonly input?: Uint8Array; readonly env?: NodeJS.ProcessEnv } = {},
  ) {
    this.#command = [command, ...args].join(' ').slice(0, 300);
    const stdio = ['pipe', 'pipe', 'inherit'] as const;
    const child = spawn(command, args, { stdio: [...stdio], env, timeout: longestMs, killSignal: 'SIGKILL' });
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    // Where it cannot start or read, its output ends, and `next` tells.
    child.once('error', () => alive.delete(child));
    child.stdin.on('error', () => undefined);
    if (input) child.stdin.end(input);
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  get pid(): number {
    return this.#process.pid ?? Number.NaN;
  }

  /** What `pattern` captures in the next line that matches. Rejects where the process ends before. */
  async next(pattern: RegExp): Promise<string> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`ended before it printed ${pattern}: ${this.#command}`);
      const found = pattern.exec(value);
      if (found) return found[1] ?? '';
    }
  }

  /** Writes a line to its stdin. */
  send(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /** Ends it at once. */
  async end(): Promise<void> {
    if (!alive.has(this.#process)) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }

  /** Ends all that are left, as after an error. */
  static endAll(): void {
    for (const child of alive) child.kill('SIGKILL');
  }
}
