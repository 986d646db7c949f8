/** Why a job is ended here: who had it was not heard of for too long, and another goes on with it. */
export class JobTaken extends Error {}
