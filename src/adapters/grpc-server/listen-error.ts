/** Why gRPC's address cannot be had, with the system's code, which grpc-js gives within its words alone. */
export function listenError(cause: Error): Error {
  const code = /\bE[A-Z]{3,}\b/.exec(cause.message)?.[0] ?? 'ENOTFOUND';
  return Object.assign(new Error(`gRPC cannot listen: ${cause.message}`, { cause }), { code, isGrpc: true });
}
