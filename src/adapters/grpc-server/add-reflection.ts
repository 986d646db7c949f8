import type { Server } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { nameMapEntries } from './name-map-entries.ts';
import { type ReflectionCall, ReflectionCalls } from './reflection-calls.ts';

/** Lets callers ask `server` what `proto` defines, in both versions of gRPC's reflection, until `closing` aborts. */
export function addReflection(server: Server, proto: PackageDefinition, closing: AbortSignal): void {
  const calls = new ReflectionCalls(closing);
  new ReflectionService(nameMapEntries(proto)).addToServer({
    addService: (definition, { ServerReflectionInfo: handle }) =>
      server.addService(definition, {
        ServerReflectionInfo: (call: ReflectionCall) => calls.add(call, handle as (call: ReflectionCall) => void),
      }),
  });
}
