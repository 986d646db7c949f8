import { fileURLToPath } from 'node:url';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';

const folder = fileURLToPath(new URL('../../grpc/proto', import.meta.url));

/**
 * Everything that the proto files define, by its full name. Fields keep their names; whole numbers are numbers, exact
 * up to 2^53.
 */
export function loadProto(): PackageDefinition {
  return loadSync(['inference.proto', 'health.proto', 'readiness.proto'], {
    keepCase: true,
    longs: Number,
    enums: String,
    defaults: true,
    includeDirs: [folder],
  });
}
