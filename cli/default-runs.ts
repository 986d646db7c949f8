import { availableParallelism } from 'node:os';

/**
 * Runs of models at once that a server may be set to: the engine makes no more calls than 1024 at once, loads among
 * them.
 */
export const mostRuns = 512;

/**
 * Runs of models at once of a server that is not set otherwise: while a run is handed over, its processor has another
 * to go on with.
 */
export const defaultRuns = Math.min(availableParallelism() + 1, mostRuns);
