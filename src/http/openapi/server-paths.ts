import { answer } from './answer.ts';
import { jsonAnswer } from './json-answer.ts';
import type { JsonObject } from './json-object.ts';
import { operation } from './operation.ts';

/** The files that `docsAssets` has. */
const docsFiles = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
const text = { schema: { type: 'string' } };

/** What the server says of itself, this document included. */
export const serverPaths: JsonObject = {
  '/v2': {
    get: operation({
      tag: 'server',
      id: 'serverMetadata',
      summary: 'Name, version and protocol extensions of the server',
      answer: jsonAnswer('The server.', 'ServerMetadata'),
      errors: [503],
    }),
  },
  '/v2/health/live': {
    get: operation({
      tag: 'server',
      id: 'serverLive',
      isOpen: true,
      summary: 'Whether the server runs',
      answer: jsonAnswer('It does.', 'ServerLive'),
      errors: [],
    }),
  },
  '/v2/health/ready': {
    get: operation({
      tag: 'server',
      id: 'serverReady',
      isOpen: true,
      summary: 'Whether every model that loads at the start is loaded and answered its warm-up',
      answer: jsonAnswer('They are.', 'ServerReady'),
      errors: [503],
    }),
  },
  '/openapi.json': {
    get: operation({
      tag: 'server',
      id: 'openApi',
      summary: 'This document',
      description: 'OpenAPI 3.1, with the infer path of every model that is loaded now.',
      answer: answer('The document.', { 'application/json': { schema: { type: 'object' } } }),
      errors: [503],
    }),
  },
  '/docs': {
    get: operation({
      tag: 'server',
      id: 'docs',
      isOpen: true,
      summary: 'This document as a page to read and try',
      answer: answer('The page.', { 'text/html': text }),
      errors: [503],
    }),
  },
  '/docs/{file}': {
    get: {
      ...operation({
        tag: 'server',
        id: 'docsFile',
        isOpen: true,
        summary: 'A file that the page loads',
        answer: answer('The file.', { 'text/css': text, 'text/javascript': text, 'image/png': {} }),
        errors: [404, 503],
      }),
      parameters: [{ name: 'file', in: 'path', required: true, schema: { type: 'string', enum: docsFiles } }],
    },
  },
};
