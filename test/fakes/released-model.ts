import { DataPlane, type DataPlaneOptions } from '../../src/core/data-plane.ts';
import { ModelRepository } from '../../src/core/model-repository.ts';
import { RunQueue } from '../../src/core/run-queue.ts';
import { SessionCache } from '../../src/core/session-cache.ts';
import { systemTimers } from '../../src/core/system-timers.ts';
import type { HttpRequest, HttpResponse } from '../../src/http/http-message.ts';
import { Router } from '../../src/http/router.ts';
import { routes } from '../../src/http/routes.ts';
import type { AliasTarget, ModelConfig } from '../../src/ports/model-store.ts';
import type { OpenSession, Run } from '../../src/ports/session.ts';
import { defaultLimits } from '../../src/settings.ts';
import { FakeStore } from './fake-store.ts';
import { FakeTime } from './fake-time.ts';
import { floatTensor } from './float-tensor.ts';

/** What a version does with a run: the scores of two classes, or an error. */
export type Behaviour = (run: Run) => readonly [number, number];

const body = new TextEncoder().encode(
  '{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]}',
);

/** The routes over a model `m` in memory, whose versions do what a test says. */
export class ReleasedModel {
  readonly time = new FakeTime();
  readonly store = new FakeStore();
  /** By version; the first one's where there is none. */
  readonly behaviours = new Map<number, Behaviour>([[1, () => [0.9, 0.1]]]);
  /** Versions that do not load. */
  readonly broken = new Set<number>();
  /** Loads wait for this. */
  loading: Promise<unknown> = Promise.resolve();
  /** Runs by version, without those of warm-ups. */
  readonly runs: number[] = [];
  readonly queue = new RunQueue(1, 100);
  readonly dataPlane: DataPlane;
  readonly #router: Router;
  readonly #repository: ModelRepository;
  #isWarm = false;

  constructor(options: DataPlaneOptions = {}) {
    const sessions = new SessionCache(this.store, this.#open, this.time, { maxBytes: 1e6, intraOpThreads: 1 });
    this.#repository = new ModelRepository(this.store, sessions);
    this.dataPlane = new DataPlane(this.#repository, sessions, this.queue, this.time, {
      // Turns end by themselves, and time passes as a test says.
      timers: { afterTurn: systemTimers.afterTurn, after: (ms, work) => this.time.after(ms, work) },
      ...options,
    });
    const docs = { version: '1', basePath: '', limits: defaultLimits, hasBatches: false, hasMetrics: false };
    const readAsset = async () => undefined;
    this.#router = new Router(routes(this.dataPlane, this.time, { ...docs, readAsset } as never), 100);
  }

  /** Sets what aliases lead to, and takes that in. */
  async release(
    aliases: Readonly<Record<string, AliasTarget>>,
    config: Partial<ModelConfig> = {},
    versions = [1, 2],
  ): Promise<void> {
    this.store.add('m', versions, { aliases, config });
    this.#isWarm = false;
    await this.#repository.refresh();
    this.#isWarm = true;
  }

  /** What a call gets; rejects as the routes do. */
  ask(more: Partial<HttpRequest> = {}, path = '/v2/models/m/infer'): Promise<HttpResponse> {
    const gone = () => new AbortController().signal;
    return this.#router.handle({ method: 'POST', path, headers: {}, body, requestId: 'r', gone, ...more });
  }

  /** What `GET` answers. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  async get(path: string): Promise<any> {
    const answer = await this.ask({ method: 'GET', body: new Uint8Array() }, path);
    return JSON.parse(new TextDecoder().decode(answer.body[0]));
  }

  readonly #open: OpenSession = async (path) => {
    await this.loading;
    const version = Number(path.split('/')[2]);
    if (this.broken.has(version)) throw new Error('not an ONNX model');
    const runSync = (run: Run) => {
      if (!this.#isWarm) return [floatTensor([1, 2], [0.9, 0.1])];
      this.runs[version] = (this.runs[version] ?? 0) + 1;
      const behave = this.behaviours.get(version) ?? (this.behaviours.get(1) as Behaviour);
      return [floatTensor([1, 2], behave(run))];
    };
    const spec = { datatype: 'FP32' as const, shape: [-1, 2] };
    return {
      inputs: [{ name: 'x', ...spec }],
      outputs: [{ name: 'y', ...spec }],
      unservable: [],
      runSync,
      run: async (run) => runSync(run),
      release: async () => undefined,
    };
  };
}
