import { describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { DocumentedModel } from '../../src/http/openapi/documented-model.ts';
import { openApiDocument } from '../../src/http/openapi/openapi-document.ts';
import { defaultLimits } from '../../src/settings.ts';

const iris: DocumentedModel = {
  name: 'iris',
  versions: ['1', '2'],
  inputs: [{ name: 'X', datatype: 'FP32', shape: [-1, 4] }],
  outputs: [
    { name: 'label', datatype: 'INT64', shape: [-1] },
    { name: 'probabilities', datatype: 'FP32', shape: [-1, 3] },
  ],
};
const mixed: DocumentedModel = {
  name: 'a b/{c}',
  versions: ['7'],
  inputs: [
    { name: 'text', datatype: 'BYTES', shape: [2] },
    { name: 'flag', datatype: 'BOOL', shape: [] },
    { name: 'big', datatype: 'UINT64', shape: [2, 1, 2] },
  ],
  outputs: [],
};
const resnet: DocumentedModel = {
  name: 'resnet',
  versions: ['1'],
  inputs: [{ name: 'image', datatype: 'FP32', shape: [-1, 3, 224, 224] }],
  outputs: [
    { name: 'scores', datatype: 'FP32', shape: [-1, 1000] },
    { name: 'label', datatype: 'BYTES', shape: [-1] },
  ],
};

const half: DocumentedModel = {
  name: 'half',
  versions: ['1'],
  inputs: [{ name: 'x', datatype: 'FP16', shape: [-1, 8] }],
  outputs: [{ name: 'y', datatype: 'FP16', shape: [-1, 8] }],
};

const shapeless: DocumentedModel = {
  name: 'shapeless',
  versions: ['1'],
  inputs: [{ name: 'x', datatype: 'FP32', shape: [-1], anyRank: true }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: [-1], anyRank: true }],
};

type Node = { [key: string]: Node } & unknown;

function build(models: readonly DocumentedModel[], basePath = '', maxUploadBytes?: number): Node {
  const options = {
    version: '1.2.3',
    basePath,
    limits: defaultLimits,
    maxUploadBytes,
    hasMetrics: true,
    hasPayloadKeys: true,
    hasUsage: true,
    hasSageMaker: true,
  };
  return JSON.parse(JSON.stringify(openApiDocument(models, options)));
}

function nodes(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Node, ...Object.values(value).flatMap(nodes)];
}

function operations(document: Node): Node[] {
  return Object.values(document.paths ?? {}).flatMap(
    (path) => [path.get, path.post].filter((each) => !!each) as Node[],
  );
}

/** A check of bodies against the request schema of a path. */
function bodies(document: Node, path: string) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', ...document });
  const pointer = ['paths', path, 'post', 'requestBody', 'content', 'application/json', 'schema'];
  const escaped = pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
  return ajv.compile({ $ref: `document#/${escaped.join('/')}` });
}

test('where callers need a key, only health and the documentation do without', async () => {
  const options = {
    version: '1',
    basePath: '',
    limits: defaultLimits,
    hasBatches: true,
    hasJobs: true,
    needsKey: true,
  };
  const document = JSON.parse(JSON.stringify(openApiDocument([iris], options)));
  expect((await new Validator().validate(structuredClone(document))).valid).toBe(true);
  expect(document.security).toEqual([{ ApiKey: [] }, { Bearer: [] }]);
  const open = operations(document).filter(({ security }) => security !== undefined);
  expect(open.map(({ operationId }) => operationId)).toEqual(['serverLive', 'serverReady', 'docs', 'docsFile']);
  for (const { operationId, security, responses } of operations(document)) {
    const statuses = Object.keys(responses ?? {}).filter((status) => ['401', '403', '429'].includes(status));
    expect([operationId, statuses]).toEqual([operationId, security ? [] : ['401', '403', '429']]);
  }
});

describe('openApiDocument', () => {
  const document = build([iris, mixed, resnet, half, shapeless], '/models');

  test.each([
    ['no model', [], '', undefined] as const,
    ['five models', [iris, mixed, resnet, half, shapeless], '/models', undefined] as const,
    ['uploads', [iris], '', 1000] as const,
  ])('is valid OpenAPI 3.1 with %s', async (_name, models, basePath, maxUploadBytes) => {
    const result = await new Validator().validate(build(models, basePath, maxUploadBytes));
    expect(result.errors).toBeUndefined();
    expect(result.valid).toBe(true);
  });

  test('every $ref resolves, and every component is used', () => {
    const references = nodes(document).flatMap((node) => (typeof node.$ref === 'string' ? [String(node.$ref)] : []));
    expect(references.length).toBeGreaterThan(50);
    for (const reference of references) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce((node: Node | undefined, part) => node?.[part], document);
      expect([reference, found === undefined]).toEqual([reference, false]);
    }
    const components = Object.entries(document.components ?? {}).flatMap(([kind, named]) =>
      Object.keys(named).map((name) => `#/components/${kind}/${name}`),
    );
    expect(components.filter((name) => !references.includes(name))).toEqual([]);
  });

  test('tells of uploads and links where the host has them, and nowhere else', () => {
    const words = /uploads|content_ref|content_link/;
    expect(JSON.stringify(document)).not.toMatch(words);
    const { paths, components } = build([iris], '', 1000);
    const request = paths?.['/v2/uploads']?.post?.requestBody?.content?.['application/json']?.schema;
    expect(request?.properties?.bytes?.maximum).toBe(1000);
    for (const owner of ['InputParameters', 'OutputParameters', 'RequestParameters'])
      expect(JSON.stringify(components?.schemas?.[owner])).toMatch(words);
  });

  test('operation ids are unique, and every tag is declared', () => {
    const ids = operations(document).map((operation) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = (document.tags as unknown as { name: string }[]).map((tag) => tag.name);
    for (const operation of operations(document)) expect(tags).toEqual(expect.arrayContaining(operation.tags as never));
  });

  test('every example is what its own schema allows', () => {
    for (const [path, item] of Object.entries(document.paths ?? {})) {
      const example = item.post?.requestBody?.content?.['application/json']?.example;
      if (example === undefined) continue;
      const validate = bodies(document, path);
      expect([path, validate(example), validate.errors]).toEqual([path, true, null]);
    }
    expect(
      document.paths?.['/v2/models/iris/infer']?.post?.requestBody?.content?.['application/json']?.example,
    ).toMatchObject({ inputs: [{ name: 'X', datatype: 'FP32', shape: [1, 4], data: [0, 0, 0, 0] }] });
  });

  test('the schema of a model refuses what the model refuses', () => {
    const validate = bodies(document, '/v2/models/a%20b%2F%7Bc%7D/infer');
    const text = { name: 'text', datatype: 'BYTES', shape: [2], data: ['', 'x'] };
    const flag = { name: 'flag', datatype: 'BOOL', shape: [], data: [true] };
    const big = { name: 'big', datatype: 'UINT64', shape: [2, 1, 2], data: [1, 2, 3, 4] };
    const nested = { ...big, data: [[[1, 2]], [[3, 4]]] };
    const valid = (...inputs: object[]) => validate({ inputs });
    expect(valid(text, flag, big)).toBe(true);
    expect(valid(nested, text, flag)).toBe(true);
    expect(valid(text, { ...flag, data: true }, big)).toBe(true);
    expect(valid(text, { ...flag, data: 'x' }, big)).toBe(false);
    expect(valid({ ...text, data: 'x' }, flag, big)).toBe(false);
    expect(valid(text, flag)).toBe(false);
    expect(valid(text, flag, flag)).toBe(false);
    expect(valid(text, flag, { ...big, data: [1, 2, 3] })).toBe(false);
    expect(valid(text, flag, { ...big, data: [1, 2, 3, -4] })).toBe(false);
    expect(valid(text, flag, { ...big, shape: [4] })).toBe(false);
    expect(valid(text, flag, { ...big, datatype: 'INT64' })).toBe(false);
  });

  test('for any model, a scalar may stand alone', () => {
    const validate = bodies(document, '/v2/models/{model_name}/infer');
    const scalar = { name: 'x', datatype: 'FP32', shape: [] };
    for (const data of [1.5, [1.5], 'text', true]) expect(validate({ inputs: [{ ...scalar, data }] })).toBe(true);
    for (const data of [null, {}]) expect(validate({ inputs: [{ ...scalar, data }] })).toBe(false);
  });

  test('an input of any rank takes every shape', () => {
    const validate = bodies(document, '/v2/models/shapeless/infer');
    const x = { name: 'x', datatype: 'FP32' };
    for (const input of [
      { shape: [], data: [1] },
      { shape: [], data: 1 },
      { shape: [2], data: [1, 2] },
      { shape: [1, 2], data: [[1, 2]] },
    ])
      expect([validate({ inputs: [{ ...x, ...input }] }), validate.errors]).toEqual([true, null]);
  });

  test('classification can be asked of numbers only', () => {
    const validate = bodies(document, '/v2/models/resnet/infer');
    const inputs = [{ name: 'image', datatype: 'FP32', shape: [1, 3, 224, 224], data: [0] }];
    const valid = (name: string, classification: number) =>
      validate({ inputs, outputs: [{ name, parameters: { classification } }] });
    expect([valid('scores', 5), valid('label', 5), valid('label', 0), valid('other', 0)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('integers of 64 bits keep their exact bounds', () => {
    const text = JSON.stringify(openApiDocument([mixed], { version: '1', basePath: '', limits: defaultLimits }));
    expect(text).toContain('"maximum":18446744073709551615');
  });

  test('an input too large to spell out has no example, but a command line', () => {
    const operation = document.paths?.['/v2/models/resnet/infer']?.post;
    expect(operation?.requestBody?.content?.['application/json']?.example).toBeUndefined();
    expect(operation?.description).toContain('head -c 602112 /dev/zero');
    expect(operation?.description).toContain('/models/v2/models/resnet/infer');
    expect(JSON.stringify(document).length).toBeLessThan(190_000);
  });

  test('a model of FP16, which JSON cannot carry, takes binary tensors only', () => {
    const operation = document.paths?.['/v2/models/half/infer']?.post;
    expect(operation?.requestBody?.content).toEqual({ 'application/octet-stream': {} });
    expect(operation?.description).toContain('head -c 16 /dev/zero');
  });
});
