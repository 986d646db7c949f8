/** The settings of a model that say how its runs are made; 0: as the server is set, or chooses itself. */
export interface TunableSettings {
  readonly intraOpThreads: number;
  readonly runsAtOnce: number;
  readonly maxBatchSize: number;
}
