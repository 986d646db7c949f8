import type { ObjectStore } from '../../ports/object-store.ts';
import { JobFiles } from '../batch-jobs/job-files.ts';
import { modelJobPlaces } from './model-job-places.ts';

/** The first thing that is stored of a job that begins: who does it. */
export const startedFile = 'started.json';
/** Stored before a container does it: another one that finds it was begun in place of one that was lost. */
export const containerFile = 'container.json';
/** Stored once it is known which version it is made of, as the source may mean another one later. */
export const sourceFile = 'source.json';
/** From what it went on, where what did it was lost. */
export const resumedFile = 'resumed.json';
/** What it said so far. */
export const eventsFile = 'events.json';

/** What became of a job, by the names of its files. */
export function runFiles(data: ObjectStore, id: string): JobFiles {
  return new JobFiles(data, { id, folder: `${modelJobPlaces.runs}${id}/` });
}

/** What `started.json` holds. */
export interface JobStart {
  readonly at: string;
  /** The process, or the execution of the state machine, that does it: no other may. */
  readonly by: string;
}

/** What `source.json` holds. */
export interface JobSource {
  /** A model with the number of its version, such as fraud@4. */
  readonly source: string;
}

/** A line that a job said, and when, in seconds since 1970. */
export interface JobEvent {
  readonly at: number;
  readonly message: string;
}

/** What `events.json` holds: the last of them. */
export interface JobEvents {
  readonly events: readonly JobEvent[];
  /** How many came before. */
  readonly dropped: number;
}
