import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadReport } from '../../core/load-report.ts';
import { hiddenName } from '../s3-model-store/hidden-name.ts';
import type { ServiceLog } from '../service-log.ts';
import type { Preparation } from './preparation.ts';
import type { PrepareOrder } from './prepare-order.ts';
import { preparingMemory } from './preparing-memory.ts';

export interface BackgroundPreparerOptions extends Omit<PrepareOrder, 'name' | 'version'> {
  readonly log: ServiceLog;
  /** Nothing is prepared until no version has been loaded for so long. */
  readonly quietMs: number;
  /** Bytes from which on a model is worth it. */
  readonly leastBytes: number;
}

interface Loaded {
  readonly name: string;
  readonly version: number;
}

const program = fileURLToPath(new URL('./prepare-process.ts', import.meta.url));

/**
 * Prepares, for the next start, what a server had to load as it was stored: one version at a time, in a process of its
 * own at low priority, once the server has nothing to load.
 */
export class BackgroundPreparer {
  readonly #options: BackgroundPreparerOptions;
  readonly #waiting: Loaded[] = [];
  #timer: NodeJS.Timeout | undefined;
  #child: ChildProcess | undefined;
  #working: Promise<void> | undefined;
  #isStarted = false;
  #isClosed = false;

  constructor(options: BackgroundPreparerOptions) {
    this.#options = options;
  }

  /** Takes in that a version was loaded. */
  loaded({ name, version }: Loaded, { form, bytes }: LoadReport): void {
    if (this.#isClosed) return;
    const isWorthIt = bytes >= this.#options.leastBytes && (form === 'stored' || form === 'refused');
    const isKnown = this.#waiting.some((each) => each.name === name && each.version === version);
    if (isWorthIt && !isKnown && process.availableMemory() > bytes * preparingMemory)
      this.#waiting.push({ name, version });
    this.#begin();
  }

  /** Lets it begin: the server has loaded what it loads at its start. */
  start(): void {
    this.#isStarted = true;
    this.#begin();
  }

  /** Ends what is under way, without waiting for it to be done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#child?.kill('SIGKILL');
    await this.#working;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    if (!this.#isStarted || this.#waiting.length === 0 || this.#working) return;
    this.#timer = setTimeout(() => {
      this.#working = this.#next().finally(() => {
        this.#working = undefined;
        if (!this.#isClosed) this.#begin();
      });
    }, this.#options.quietMs).unref();
  }

  async #next(): Promise<void> {
    const { log, models, cacheFolder, cacheBytes } = this.#options;
    const loaded = this.#waiting.shift() as Loaded;
    const scratch = join(cacheFolder, hiddenName());
    const fields = { model: loaded.name, version: loaded.version };
    try {
      await mkdir(scratch, { recursive: true, mode: 0o700 });
      const outcome = await this.#prepare({ models, cacheFolder, cacheBytes, ...loaded }, scratch);
      if (outcome === undefined) return;
      if ('error' in outcome) log.warn({ ...fields, reason: outcome.error }, 'a version could not be prepared');
      else if (outcome.whyNot) log.info({ ...fields, reason: outcome.whyNot }, 'a version is not worth preparing');
      else log.info(fields, 'a version was prepared; the next start uses that form');
    } catch (error) {
      log.warn({ ...fields, err: error }, 'a version could not be prepared');
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }

  /** What the process tells; undefined where it was ended on purpose. */
  async #prepare(order: PrepareOrder, scratch: string): Promise<Preparation | { error: string } | undefined> {
    if (this.#isClosed) return undefined;
    const child = fork(program, [JSON.stringify(order)], {
      // Its half-done files lie where leftovers of a killed process are found.
      env: { ...process.env, TMPDIR: scratch, TEMP: scratch, TMP: scratch },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.#child = child;
    let outcome: Preparation | { error: string } | undefined;
    child.once('message', (message) => (outcome = message as Preparation | { error: string }));
    const [code, signal] = await once(child, 'exit');
    if (this.#isClosed) return undefined;
    return outcome ?? { error: `the process that prepared it ended with ${signal ?? code}` };
  }
}
