import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setUpVenv } from '../set-up-venv.ts';

const folder = '.cache/cloud';
const python = `${folder}/venv/bin/python`;
const requirements = 'scripts/deploy/emulator-requirements.txt';
const pauseMs = 200;

/** MiniStack, an emulator of AWS that needs neither an account nor Docker, in a Python environment of its own. */
export class Emulator {
  readonly #port: number;
  readonly #s3Url: string | undefined;
  readonly #pidFile: string;
  // It unpacks each function into its folder for passing files, and leaves it there: gigabytes after some runs.
  readonly #scratch: string;

  /** `s3Url`: where its functions find S3, where that is not at the emulator itself. */
  constructor(port: number, s3Url?: string) {
    this.#port = port;
    this.#s3Url = s3Url;
    this.#pidFile = `${folder}/emulator-${port}.pid`;
    // Not within the project, whose package.json would hold for them.
    this.#scratch = join(tmpdir(), `tensorgate-emulator-${port}`);
  }

  /** What CDK's command is told of it: it has no streams, for which API Gateway calls a function in a way of its own. */
  static readonly context: readonly string[] = ['-c', 'streaming=false'];

  /** What makes the AWS SDKs and CDK speak to it. */
  get environment(): Record<string, string> {
    const url = `http://127.0.0.1:${this.#port}`;
    return {
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
    };
  }

  /** The same, in front of a command of the shell. */
  get prefix(): string {
    return `env ${Object.entries(this.environment)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')} `;
  }

  /** Where a deployed API, whose URL on AWS is `url`, is to be called here, with `hostOf` as the Host header. */
  urlOf(url: string): string {
    return `http://127.0.0.1:${this.#port}${new URL(url).pathname}`;
  }

  hostOf(url: string): string {
    return `${new URL(url).hostname.split('.')[0]}.execute-api.localhost:${this.#port}`;
  }

  /** Installs it where it is missing, and starts it where it does not run. Rejects where it does not come up. */
  async start(): Promise<void> {
    if (await this.#runs()) return;
    setUpVenv(folder, requirements);
    rmSync(this.#scratch, { recursive: true, force: true });
    mkdirSync(this.#scratch);
    const log = openSync(`${folder}/emulator-${this.#port}.log`, 'w');
    const child = spawn(python, ['-m', 'ministack'], {
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        ...process.env,
        ...this.environment,
        GATEWAY_PORT: String(this.#port),
        TMPDIR: this.#scratch,
        ...(this.#s3Url && { AWS_ENDPOINT_URL_S3: this.#s3Url }),
      },
    });
    child.unref();
    writeFileSync(this.#pidFile, String(child.pid));
    for (let waited = 0; waited < 60_000; waited += pauseMs) {
      if (await this.#runs()) return;
      if (child.exitCode !== null) break;
      await sleep(pauseMs);
    }
    this.#end();
    throw new Error(`the emulator did not come up; its log is ${folder}/emulator-${this.#port}.log`);
  }

  /** Ends it, and the functions that it runs; false where none runs that was started from this folder. */
  async stop(): Promise<boolean> {
    if (!existsSync(this.#pidFile)) return false;
    if (!(await this.#runs())) {
      // The id may be another process's by now.
      rmSync(this.#pidFile);
      return false;
    }
    this.#end();
    for (let waited = 0; waited < 10_000 && (await this.#runs()); waited += pauseMs) await sleep(pauseMs);
    // Its functions may still write as they end.
    await rm(this.#scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    return true;
  }

  #end(): void {
    const pid = Number(readFileSync(this.#pidFile, 'utf8'));
    rmSync(this.#pidFile);
    try {
      process.kill(-pid, 'SIGTERM');
    } catch {
      // It has ended already.
    }
  }

  /** Rejects where something else answers: what is meant for the emulator must not go there. */
  async #runs(): Promise<boolean> {
    const url = `http://127.0.0.1:${this.#port}/_ministack/health`;
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (!response) return false;
    const health = (await response.json().catch(() => undefined)) as { services?: object } | undefined;
    if (health?.services) return true;
    throw new Error(`port ${this.#port} is taken by something else than the emulator; give another with --port`);
  }
}
