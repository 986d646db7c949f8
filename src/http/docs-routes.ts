import type { DataPlane } from '../core/data-plane.ts';
import { seenBy } from '../core/seen-by.ts';
import { taskNameOf } from '../core/tasks/task-name-of.ts';
import type { Caller } from '../ports/caller.ts';
import { ServiceError } from '../protocol/service-error.ts';
import { docsPage } from './docs-page.ts';
import type { HttpResponse } from './http-message.ts';
import { jsonResponse } from './json-response.ts';
import type { DocumentedModel } from './openapi/documented-model.ts';
import { type OpenApiOptions, openApiDocument } from './openapi/openapi-document.ts';
import type { Route } from './router.ts';

export interface DocsOptions extends OpenApiOptions {
  /** A file of the documentation page's library; undefined where there is none of that name. */
  readonly readAsset: (name: string) => Promise<{ contentType: string; body: Uint8Array } | undefined>;
}

/**
 * `/openapi.json`, with the infer body of each loaded model that the caller may know of, and a page that renders it
 * without the internet.
 */
export function docsRoutes(dataPlane: DataPlane, options: DocsOptions): readonly Route[] {
  const page = html(docsPage('openapi.json'));
  // With a slash at the end, browsers take paths in the page from one folder deeper.
  const deeperPage = html(docsPage('../openapi.json', '../'));
  return [
    // Who only has the address is told where to look; behind API Gateway there is nothing here.
    [
      'GET',
      '/',
      'open',
      () => jsonResponse({ name: 'tensorgate', server: 'v2', openapi: 'openapi.json', docs: 'docs' }),
    ],
    [
      'GET',
      '/openapi.json',
      'read',
      ({ caller }) => jsonResponse(openApiDocument(documented(dataPlane, caller), options)),
    ],
    ['GET', '/docs', 'open', ({ path }) => (path.endsWith('/') ? deeperPage : page)],
    [
      'GET',
      '/docs/:file',
      'open',
      async (_request, [name = '']) => {
        const asset = await options.readAsset(name);
        if (!asset) throw new ServiceError(404, `the documentation has no file '${name.slice(0, 100)}'`);
        return file(asset.contentType, asset.body);
      },
    ],
  ];
}

function html(text: string): HttpResponse {
  return file('text/html; charset=utf-8', new TextEncoder().encode(text));
}

function file(contentType: string, body: Uint8Array): HttpResponse {
  return { status: 200, headers: ['content-type', contentType], body: [body] };
}

function documented(dataPlane: DataPlane, caller: Caller | undefined): DocumentedModel[] {
  return seenBy(caller, dataPlane.repository.names()).flatMap((name) => {
    const versions = dataPlane.repository.versions(name).filter(({ ready }) => ready);
    const signature = versions.findLast((version) => version.signature)?.signature;
    // Nobody sends a language model its caches.
    const isText = versions.some((version) => taskNameOf(version) === 'text-generation');
    if (!signature || isText) return [];
    const { inputs, outputs } = signature;
    return [{ name, versions: versions.map((version) => String(version.version)), inputs, outputs }];
  });
}
