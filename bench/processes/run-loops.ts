import type { BenchModel } from '../models/bench-model.ts';
import { Child } from './child.ts';

/** What each process does: `callers` loops at once over one session, of `threads` threads for a run. */
export interface LoopJob {
  /** Our session port, or onnxruntime-node's binding. */
  readonly engine: 'session' | 'binding';
  readonly model: BenchModel;
  readonly threads: number;
  readonly callers: number;
  /** On the machine's first GPU; `session` alone. @default on the processor */
  readonly onGpu?: boolean;
}

export interface LoopResult {
  /** Runs of all processes together. */
  readonly perSecond: number;
  readonly medianMs: number;
  /** How late the event loop was at most. */
  readonly latestMs: number;
}

/** Processes that run a model in a loop, without a server, all at the same time. */
export class RunLoops {
  readonly children: readonly Child[];

  private constructor(children: readonly Child[]) {
    this.children = children;
  }

  /** Starts `processes` of them; each has loaded the model and run it once when this returns. */
  static async start(processes: number, job: LoopJob): Promise<RunLoops> {
    const args = ['bench/processes/run-loop.ts', JSON.stringify(job)];
    const loops = new RunLoops(Array.from({ length: processes }, () => new Child(process.execPath, args)));
    await Promise.all(loops.children.map((child) => child.next(/^ready$/)));
    return loops;
  }

  async measure(seconds: number): Promise<LoopResult> {
    for (const child of this.children) child.send(String(seconds));
    const lines = await Promise.all(this.children.map((child) => child.next(/^(\{.*\})$/)));
    const results = lines.map((line) => JSON.parse(line) as LoopResult);
    return {
      perSecond: results.reduce((sum, result) => sum + result.perSecond, 0),
      medianMs: Math.max(...results.map((result) => result.medianMs)),
      latestMs: Math.max(...results.map((result) => result.latestMs)),
    };
  }

  async end(): Promise<void> {
    await Promise.all(this.children.map((child) => child.end()));
  }
}
