import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { docsAssets } from '../../src/adapters/docs-assets.ts';
import { docsPage } from '../../src/http/docs-page.ts';
import { openApiDocument } from '../../src/http/openapi/openapi-document.ts';
import { defaultLimits } from '../../src/settings.ts';

describe('docsPage', () => {
  const page = docsPage('openapi.json?a=1&b="2"');

  test('everything it loads is relative, and among the files there are', () => {
    expect(page).not.toMatch(/https?:|src="\/|href="\//);
    const loaded = [...page.matchAll(/"docs\/([^"]+)"/g)].map((match) => match[1]);
    expect(loaded.sort()).toEqual([...docsAssets().keys()].sort());
    for (const { path } of docsAssets().values()) expect(readFileSync(path).length).toBeGreaterThan(100);
  });

  test('at an address with a slash at the end, the same lies one folder up', () => {
    expect(docsPage('../openapi.json', '../').replaceAll('"../', '"').replaceAll('>../', '>')).toBe(
      docsPage('openapi.json'),
    );
  });

  test('its policy allows the script that it holds', () => {
    const script = page.match(/<script>(.*)<\/script>/)?.[1] ?? '';
    expect(page).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  });

  test('where the document needs a key, it asks for one, and sends it with what is tried', async () => {
    const asked: unknown[] = [];
    const shown = Promise.withResolvers<{ spec: object; requestInterceptor(request: object): object }>();
    runInNewContext(page.match(/<script>(.*)<\/script>/)?.[1] ?? '', {
      document: { documentElement: { dataset: { openapi: 'openapi.json' } } },
      fetch: async (...words: unknown[]) => {
        asked.push(words);
        return asked.length === 1 ? { status: 401 } : { status: 200, json: async () => ({ openapi: '3.1.1' }) };
      },
      prompt: () => 'tg_a',
      SwaggerUIBundle: shown.resolve,
    });
    const { spec, requestInterceptor } = await shown.promise;
    expect(asked).toEqual([
      ['openapi.json', { headers: {} }],
      ['openapi.json', { headers: { 'x-api-key': 'tg_a' } }],
    ]);
    expect(spec).toEqual({ openapi: '3.1.1' });
    expect(requestInterceptor({ headers: {} })).toEqual({ headers: { 'x-api-key': 'tg_a' } });
  });

  test('the path is quoted', () => {
    expect(page).toContain('data-openapi="openapi.json?a=1&#38;b=&#34;2&#34;"');
  });

  test('the document lists the files that it loads', () => {
    const document = JSON.parse(
      JSON.stringify(openApiDocument([], { version: '1', basePath: '', limits: defaultLimits })),
    );
    const [file] = document.paths['/docs/{file}'].get.parameters;
    expect(file.schema.enum).toEqual([...docsAssets().keys()]);
  });
});
