/** Ports that the server of containers/inference listens on. */
export const serverPorts = { http: 8080, grpc: 8001 } as const;
