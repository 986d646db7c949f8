/** A worker cannot do its part, and another try would come to the same: the training cannot go on. */
export class WorkerFailure extends Error {}
