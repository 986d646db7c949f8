import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface DocsAsset {
  readonly contentType: string;
  /** Absolute path of the file. */
  readonly path: string;
}

const contentTypes = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** The files of Swagger UI that the page at `/docs` loads, by name. Throws where the package is not installed. */
export function docsAssets(): Map<string, DocsAsset> {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return new Map(
    Object.entries(contentTypes).map(([name, contentType]) => [name, { contentType, path: join(folder, name) }]),
  );
}
