import { releasesReport } from '../core/canary/releases-report.ts';
import type { DataPlane } from '../core/data-plane.ts';
import { jsonResponse } from './json-response.ts';
import type { Handler } from './router.ts';

/** `GET …/releases`: where the aliases of a model lead, and how its canaries and shadows do. */
export function releasesRoute({ repository, releases }: DataPlane): Handler {
  return (_request, [name = '']) => jsonResponse(releasesReport(repository, releases, name));
}
