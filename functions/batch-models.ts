import { createService } from '../src/adapters/create-service.ts';
import { loadOnUse } from '../src/adapters/load-on-use.ts';
import type { CallRecords } from '../src/adapters/open-call-records.ts';
import type { DataPlane } from '../src/core/data-plane.ts';
import type { HttpRequest, HttpResponse } from '../src/http/http-message.ts';
import type { ModelStore } from '../src/ports/model-store.ts';
import { defaultLimits } from '../src/settings.ts';
import { countLoad } from './count-load.ts';
import { Freshness } from './freshness.ts';
import { openModels } from './open-models.ts';
import { openRecords } from './open-records.ts';
import { readEnvironment } from './read-environment.ts';
import { serviceLog } from './service-log.ts';

// Each step looks: a file may come right after the model that it is for, and a shard is for a version that was found
// elsewhere.
const looks = { refreshMs: 0, patienceMs: 60_000 };

/** The models of the bucket, for functions that run them over files. */
export class BatchModels {
  /** Runs at once: as many as there are whole CPUs, of one thread each. */
  readonly workers: number;
  readonly store: ModelStore;
  /** What is kept of what they do; undefined: nothing. */
  readonly records: CallRecords | undefined;
  readonly #service: ReturnType<typeof createService>;
  readonly #freshness: Freshness;

  constructor() {
    const environment = readEnvironment(process.env);
    this.workers = environment.intraOpThreads;
    this.records = openRecords(environment, this.workers);
    const every = { ...environment, everyVersion: true };
    this.store = loadOnUse(openModels(environment), every);
    this.#service = createService({
      store: this.store,
      basePath: '',
      concurrency: this.workers,
      intraOpThreads: 1,
      memoryBudget: environment.memoryBudget,
      limits: defaultLimits,
      engine: 'auto',
      log: serviceLog,
      onLoaded: countLoad,
    });
    this.#freshness = new Freshness(() => this.#service.refresh(), Date, looks);
  }

  /** What answers requests to models, once it knows which there are. */
  async handler(): Promise<(request: HttpRequest) => Promise<HttpResponse>> {
    await this.#freshness.ensure();
    return (request) => this.#service.handle(request);
  }

  /** What runs models, once it knows which there are. */
  async dataPlane(): Promise<DataPlane> {
    await this.#freshness.ensure();
    return this.#service.dataPlane;
  }
}
