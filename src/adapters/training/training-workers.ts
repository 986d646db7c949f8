import { type ChildProcess, fork } from 'node:child_process';
import type { WorkerResult, WorkerTask } from '../../core/training/train-in-rounds.ts';
import type { WorkerSetup } from './worker-setup.ts';

/** Of one task: a worker that is lost time and again is lost by what it does. */
const mostTries = 3;

type Answer = { readonly result: WorkerResult } | { readonly error: string };

/**
 * Processes that train side by side. One that is lost is replaced, and its task done again, which changes nothing: a
 * task begins from what it is told.
 */
export class TrainingWorkers {
  readonly #setup: WorkerSetup;
  readonly #workers: ChildProcess[] = [];

  constructor(setup: WorkerSetup) {
    this.#setup = setup;
  }

  /** Ids of the processes. */
  get pids(): readonly (number | undefined)[] {
    return this.#workers.map(({ pid }) => pid);
  }

  /**
   * Has as many workers as there are tasks do one each; they begin with their first. Rejects where one cannot be done.
   */
  run(tasks: readonly WorkerTask[]): Promise<readonly WorkerResult[]> {
    return Promise.all(tasks.map((task, at) => this.#do(task, at)));
  }

  close(): void {
    for (const worker of this.#workers) worker.kill();
  }

  #begin(): ChildProcess {
    const path = new URL('./training-worker.ts', import.meta.url);
    const worker = fork(path, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    worker.send(this.#setup);
    return worker;
  }

  async #do(task: WorkerTask, at: number): Promise<WorkerResult> {
    for (let tries = 1; ; tries += 1) {
      this.#workers[at] ??= this.#begin();
      const answer = await answerOf(this.#workers[at], task);
      if (answer && 'result' in answer) return answer.result;
      if (answer) throw new Error(answer.error);
      if (tries === mostTries) throw new Error(`a worker of the training was lost ${mostTries} times`);
      this.#workers[at] = this.#begin();
    }
  }
}

/** Undefined where the worker is lost. */
function answerOf(worker: ChildProcess, task: WorkerTask): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const end = (answer: Answer | undefined) => {
      worker.off('message', hear);
      worker.off('exit', lose);
      resolve(answer);
    };
    const hear = (answer: unknown) => end(answer as Answer);
    const lose = () => end(undefined);
    if (worker.exitCode !== null || worker.signalCode !== null) {
      resolve(undefined);
      return;
    }
    worker.on('message', hear);
    worker.once('exit', lose);
    // One that is just going takes no message; its exit is heard of.
    worker.send(task, () => undefined);
  });
}
