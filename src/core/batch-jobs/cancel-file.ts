import { workFolder } from '../batch/work-files.ts';

/** Lies among a job's files where it was asked to stop. */
export const cancelFile = `${workFolder}cancel.json`;
