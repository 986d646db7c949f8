import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

interface ChildOptions {
  readonly input?: Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  /** File that its stderr goes to. @default this process's own */
  readonly log?: string;
  /**
   * It leads a group of all that it starts, which ends with it; Linux gives such a group its own share of the
   * processors. @default false
   */
  readonly leadsGroup?: boolean;
}

/** What is alive, and how it ends. */
const alive = new Map<ChildProcess, () => void>();
process.once('exit', () => Child.endAll());

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
    { input, env = process.env, log, leadsGroup = false }: ChildOptions = {},
  ) {
    this.#command = [command, ...args].join(' ').slice(0, 300);
    const ends = { timeout: longestMs, killSignal: 'SIGKILL', detached: leadsGroup } as const;
    const stderr = log === undefined ? 'inherit' : openSync(log, 'w');
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', stderr], env, ...ends });
    alive.set(child, () => (leadsGroup && child.pid ? killGroup(child.pid) : child.kill('SIGKILL')));
    child.once('exit', () => alive.delete(child));
    // Where it cannot start or read, its output ends, and `next` tells.
    child.once('error', () => alive.delete(child));
    child.stdin?.on('error', () => undefined);
    if (input) child.stdin?.end(input);
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout as Readable })[Symbol.asyncIterator]();
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

  /** Takes no notice of what it prints. Rejects where it ends. */
  async ended(): Promise<never> {
    for (;;) {
      const { done } = await this.#lines.next();
      if (done) throw new Error(`it ended: ${this.#command}`);
    }
  }

  /** Writes a line to its stdin. */
  send(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  /**
   * What `measure` comes to while this process, and all that it leads, stand still: some servers take a processor while
   * nobody asks them.
   */
  async without<T>(measure: () => Promise<T>): Promise<T> {
    const group = -this.pid;
    process.kill(group, 'SIGSTOP');
    try {
      return await measure();
    } finally {
      process.kill(group, 'SIGCONT');
    }
  }

  /** Ends it at once. */
  async end(): Promise<void> {
    const kill = alive.get(this.#process);
    if (!kill) return;
    const exited = once(this.#process, 'exit');
    kill();
    await exited;
  }

  /** Ends all that are left, as after an error. */
  static endAll(): void {
    for (const kill of alive.values()) kill();
  }
}

/** Ends the processes of a group, if there are any left. */
function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
