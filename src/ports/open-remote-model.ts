import type { Session } from './session.ts';

/**
 * Opens a model of another server, by the name that this host has for that server: its session sends each run there,
 * again where that may help.
 *
 * Rejects with an Error where the host knows no such server, or it does not tell what the model takes and gives. Runs
 * reject with a ServiceError: 400 where the other server refuses the inputs, 503 where it cannot be reached or has no
 * time, 504 where the run was cancelled or not answered in time, 502 for all else.
 */
export type OpenRemoteModel = (server: string, model: string, version: string | undefined) => Promise<Session>;
