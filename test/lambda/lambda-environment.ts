import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { freePort } from '../../scripts/free-port.ts';
import { lambdaEvent } from '../functions/lambda-event.ts';

export interface LambdaSettings {
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly environment: Readonly<Record<string, string>>;
  /** Folder of the function's bundle. @default the one that answers API Gateway */
  readonly taskRoot?: string | undefined;
}

export interface Answer {
  /** Of the emulator; the function's own is in `result`. */
  readonly status: number;
  readonly text: string;
  readonly result: APIGatewayProxyResult;
  /** The body as JSON; undefined where it is none. */
  readonly json: ReturnType<typeof JSON.parse>;
}

/** The function in an environment of Lambda's own emulator, which starts it with the first call. */
export class LambdaEnvironment {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tensorgate-lambda-'));
  readonly #emulator: ChildProcess;
  readonly #address: string;
  #log = '';

  private constructor(
    port: number,
    api: number,
    { timeoutSeconds = 29, memoryMb = 1769, environment, taskRoot }: LambdaSettings,
  ) {
    this.#address = `127.0.0.1:${port}`;
    const addresses = [
      '--runtime-interface-emulator-address',
      this.#address,
      '--runtime-api-address',
      `127.0.0.1:${api}`,
    ];
    const runtime = [process.execPath, join(import.meta.dirname, 'runtime.mjs'), 'index.handler'];
    const settings = {
      AWS_LAMBDA_FUNCTION_NAME: 'tensorgate',
      AWS_LAMBDA_FUNCTION_TIMEOUT: String(timeoutSeconds),
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      TENSORGATE_CACHE: join(this.#folder, 'cache'),
    };
    const { PATH = '', NODE_PATH = '', LAMBDA_EMULATOR = '' } = process.env;
    const LAMBDA_TASK_ROOT = taskRoot ?? process.env.LAMBDA_TASK_ROOT ?? '';
    this.#emulator = spawn(LAMBDA_EMULATOR, ['--log-level', 'error', ...addresses, ...runtime], {
      env: { PATH, NODE_PATH, LAMBDA_TASK_ROOT, ...settings, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#emulator.stdout, this.#emulator.stderr])
      stream?.on('data', (chunk) => {
        this.#log += chunk;
      });
  }

  static async start(settings: LambdaSettings): Promise<LambdaEnvironment> {
    const environment = new LambdaEnvironment(await freePort(), await freePort(), settings);
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const isThere = await fetch(`http://${environment.#address}/`).then(
        () => true,
        () => false,
      );
      if (isThere) return environment;
      await pause(25);
    }
    throw new Error(`the emulator does not accept connections: ${environment.#log}`);
  }

  /** All that it has logged, its own lines and the function's. */
  get log(): string {
    return this.#log;
  }

  /** The process that runs the function. Throws where none does. */
  get runtime(): number {
    // Whichever thread of the emulator started it.
    const lists = globSync(`/proc/${this.#emulator.pid}/task/*/children`).map((path) =>
      readFileSync(path, 'utf8').trim(),
    );
    const pid = Number(lists.find((list) => list !== ''));
    if (!pid) throw new Error(`no process runs the function: ${this.#log}`);
    return pid;
  }

  /** Lets half a minute pass for the function. */
  async skipTime(): Promise<void> {
    const skips = () => this.#log.split('time was skipped').length;
    const before = skips();
    process.kill(this.runtime, 'SIGUSR2');
    while (skips() === before) await pause(5);
  }

  async invoke(event: object): Promise<Answer> {
    const url = `http://${this.#address}/2015-03-31/functions/function/invocations`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
    const text = await answer.text();
    const result = parse(text);
    return { status: answer.status, text, result, json: parse(result?.body) };
  }

  /** Calls the function as API Gateway would. */
  call(...request: Parameters<typeof lambdaEvent>): Promise<Answer> {
    return this.invoke(lambdaEvent(...request));
  }

  async stop(): Promise<void> {
    this.#emulator.kill('SIGTERM');
    if (this.#emulator.exitCode === null) await once(this.#emulator, 'exit');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function parse(text: string | undefined) {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
