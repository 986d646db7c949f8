import type { AliasRelease } from '../../core/canary/alias-release.ts';
import type { CanaryStop, Releases } from '../../core/canary/releases.ts';
import type { ModelStore } from '../../ports/model-store.ts';
import type { ServiceLog } from '../service-log.ts';
import type { CountFiles } from './count-files.ts';
import { stopCanary } from './stop-canary.ts';

export interface CanaryKeeperOptions {
  readonly store: Pick<ModelStore, 'changeReleases'>;
  /** URI of the model repository. */
  readonly models: string;
  readonly files: CountFiles;
  readonly log: ServiceLog;
  /** Hears of each canary that this host took back. */
  readonly onStopped?: ((stop: CanaryStop) => void) | undefined;
}

/** Writes down which canaries are taken back, and shares what is counted of them with other hosts. */
export class CanaryKeeper {
  readonly #options: CanaryKeeperOptions;
  readonly #pending = new Set<CanaryStop>();
  /** Calls at the last write. */
  readonly #written = new WeakMap<AliasRelease, number>();
  #stopping: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(options: CanaryKeeperOptions) {
    this.#options = options;
  }

  /**
   * Takes a canary back in the store: now, or with the next `share` where that fails. This host gives it no more calls
   * meanwhile.
   */
  readonly takeBack = (stop: CanaryStop): void => {
    const { model, alias, canary, reason } = stop;
    const fields = { model, alias, version: canary.version, reason };
    this.#options.log.warn(fields, 'a canary is worse than the stable version, and gets no more calls');
    this.#pending.add(stop);
    this.#stop();
  };

  /** Resolves once what is to be taken back was tried. */
  settled(): Promise<void> {
    return this.#stopping;
  }

  /**
   * Writes what was counted, and reads what other hosts have where there is something against a canary. Never rejects.
   */
  async share(releases: Releases): Promise<void> {
    if (this.#pending.size > 0) this.#stop();
    await this.#stopping;
    try {
      for (const release of releases.list()) await this.#shareOne(release);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing)
        this.#options.log.error({ err: error }, 'counts of canaries cannot be shared; each host judges by its own');
      this.#isFailing = true;
    }
  }

  async #shareOne(release: AliasRelease): Promise<void> {
    const { trial, evidence } = release;
    if (!trial || !evidence || release.stopped !== undefined) return;
    const { counts } = trial;
    const calls = counts.canary.calls + counts.stable.calls + counts.compared;
    if (calls !== (this.#written.get(release) ?? 0)) {
      await this.#options.files.write(release, counts);
      this.#written.set(release, calls);
    }
    // Of a good canary nobody need ask the others: what there is against it shrinks with each call.
    if (Math.max(evidence.errors, evidence.latency, evidence.answers) <= 1) return;
    trial.others = await this.#options.files.readOthers(release);
    release.judge();
  }

  #stop(): void {
    this.#stopping = this.#stopping.then(async () => {
      for (const stop of this.#pending) {
        const { model, alias, canary } = stop;
        const fields = { model, alias, version: canary.version };
        try {
          const isDone = await stopCanary(this.#options.store, this.#options.models, stop);
          this.#pending.delete(stop);
          if (isDone) this.#options.onStopped?.(stop);
        } catch (error) {
          this.#options.log.error(
            { ...fields, err: error },
            'a canary could not be taken back in the store; it gets no more calls here, and that is tried again',
          );
        }
      }
    });
  }
}
