/** Why parts of Triton's protocol are not there. */
export const notOffered = {
  sharedMemory: 'shared memory is not offered: send tensors in the request',
  tracing: 'how requests are traced is not set by callers',
  logging: 'what is logged is not set by callers: the server is started with --log-level',
} as const;
