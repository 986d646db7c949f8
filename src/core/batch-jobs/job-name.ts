/** What ids of jobs of a deployment, or of a server, look like. */
export const jobName = /^batch_[0-9a-f]{24}$/;
