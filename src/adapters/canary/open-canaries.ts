import type { CanaryStop, Releases } from '../../core/canary/releases.ts';
import { hostId } from '../audit/host-id.ts';
import type { CanaryKeeper, CanaryKeeperOptions } from './canary-keeper.ts';

/** What a host does about canaries. */
export interface Canaries {
  /** Takes a canary back in the store. */
  readonly takeBack: (stop: CanaryStop) => void;
  /**
   * Writes what was counted, and reads what other hosts have where there is something against a canary. Never rejects.
   */
  share(releases: Releases): Promise<void>;
  /** Resolves once what is to be taken back was tried. */
  settled(): Promise<void>;
}

/** Keeps the canaries of the model repository at `options.models`; nothing is loaded before there is one. */
export function openCanaries(options: Omit<CanaryKeeperOptions, 'files'>): Canaries {
  let keeper: Promise<CanaryKeeper> | undefined;
  const keep = () => {
    keeper ??= load(options);
    return keeper;
  };
  return {
    takeBack: (stop) => void keep().then(({ takeBack }) => takeBack(stop)),
    share: async (releases) => {
      if (keeper || releases.list().some(({ trial }) => trial !== undefined)) await (await keep()).share(releases);
    },
    settled: async () => (await keeper)?.settled(),
  };
}

async function load(options: Omit<CanaryKeeperOptions, 'files'>): Promise<CanaryKeeper> {
  const [{ CanaryKeeper: Keeper }, { CountFiles }, { openRepositoryFolder }] = await Promise.all([
    import('./canary-keeper.ts'),
    import('./count-files.ts'),
    import('../open-repository-folder.ts'),
  ]);
  const files = new CountFiles(openRepositoryFolder(options.models, '.canary'), hostId(new Date()));
  return new Keeper({ ...options, files });
}
