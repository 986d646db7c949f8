/**
 * Elements of one input of a warm-up or trial: as many as a request's tensor may have, unless the server is set
 * otherwise.
 */
export const mostElements = 64 * 1024 * 1024;
