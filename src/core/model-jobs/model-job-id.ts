/** What ids of jobs that make models look like. */
export const modelJobId = /^job_[0-9a-f]{24}$/;
