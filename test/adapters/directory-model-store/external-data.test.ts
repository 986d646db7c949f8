import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkGraph } from '../../../src/adapters/directory-model-store/check-graph.ts';
import { readOnnx } from '../../../src/adapters/onnx-files/read-onnx.ts';
import { buildOnnx, type OnnxGraph, type OnnxTensor } from '../../fakes/onnx-builder.ts';
import { TemporaryStore } from './temporary-store.ts';

const here = new TemporaryStore();

function external(location: string): OnnxTensor {
  return { name: location, datatype: 'FP32', shape: [1], data: { location } };
}

function graphWith(more: Partial<OnnxGraph>): OnnxGraph {
  return { inputs: [], outputs: [], nodes: [], ...more };
}

function modelWith(location: string): Uint8Array {
  return buildOnnx(graphWith({ initializers: [external(location)] }));
}

/** A protobuf field that holds bytes; `tag` may be written otherwise than it should be. */
function field(number: number, content: string | Uint8Array, tag = varint(number * 8 + 2)): Uint8Array {
  const bytes = Buffer.from(content as Uint8Array);
  return Buffer.concat([Buffer.from(tag), Buffer.from(varint(bytes.length)), bytes]);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7];
}

function locationsOf(content: Uint8Array) {
  return here
    .write(here.outside('model.onnx'), content)
    .then(readOnnx)
    .then(({ externalData }) => externalData);
}

describe('a model with external data', () => {
  test('is fetched where its files lie beside it, in folders too', async () => {
    await here.write(here.inside('a/1/model.onnx'), modelWith('deep/w.bin'));
    await here.write(here.inside('a/1/deep/w.bin'), '1234');
    expect((await here.store.fetch('a', 1)).bytes).toBe(modelWith('deep/w.bin').length + 4);
  });

  const outside = [
    '../w.bin',
    '/etc/hosts',
    'deep/../../w.bin',
    '..\\w.bin',
    '',
    '.',
    'link.bin',
    'link/w.bin',
    'deep',
  ];
  test.each(outside)('is refused where it names %p', async (location) => {
    await here.write(here.inside('a/3/model.onnx'), modelWith(location));
    await here.write(here.inside('a/w.bin'));
    // What '/etc/hosts' would be if it were taken as relative.
    await here.write(here.inside('a/3/etc/hosts'));
    await mkdir(here.inside('a/3/deep'));
    await symlink('../w.bin', here.inside('a/3/link.bin'));
    await symlink('..', here.inside('a/3/link'));
    await expect(here.store.fetch('a', 3)).rejects.toMatchObject({
      status: 400,
      message: `model 'a' version 3 names external data '${location}' outside its folder: it must be a file in the version's own folder`,
    });
  });

  test.each(['none.bin', 'a\0b', '*/_ORT_MEM_ADDR_/*'])('is refused where %p is not there', async (location) => {
    await here.write(here.inside('a/3/model.onnx'), modelWith(location));
    await expect(here.store.fetch('a', 3)).rejects.toMatchObject({
      status: 400,
      message: `model 'a' version 3 names external data '${location}', which is not in the version's folder`,
    });
  });

  test('is refused where the file is broken, with its name and not its path', async () => {
    await here.write(here.inside('a/3/model.onnx'), new Uint8Array([0x3a, 0xff]));
    await expect(here.store.fetch('a', 3)).rejects.toMatchObject({
      status: 400,
      message: "model 'a' version 3: model.onnx is not an ONNX file, or a damaged one (it ends within a field)",
    });
  });
});

test('what cannot be read is refused without its path, which the cause has', async () => {
  await expect(checkGraph(here.inside('a/3/model.onnx'), "model 'a' version 3")).rejects.toMatchObject({
    status: 503,
    message: "model 'a' version 3: model.onnx cannot be read (ENOENT)",
    cause: { path: here.inside('a/3/model.onnx') },
  });
});

describe('readOnnx', () => {
  test('finds tensors in initializers, attributes and subgraphs, each file once', async () => {
    const inner = graphWith({ initializers: [external('inner'), external('top')] });
    const nodes = [
      { op: 'Constant', inputs: [], outputs: ['c'], attributes: { value: { tensor: external('constant') } } },
      { op: 'If', inputs: [], outputs: ['d'], attributes: { then_branch: { graph: inner } } },
    ];
    const found = await locationsOf(buildOnnx(graphWith({ nodes, initializers: [external('top')] })));
    expect([...found].sort()).toEqual(['constant', 'inner', 'top']);
  });

  const entry = field(13, Buffer.concat([field(1, 'location'), field(2, 'x')]));
  const tensor = (number: number) => field(number, entry);
  const node = (attribute: Uint8Array) => field(1, field(5, attribute));
  test.each([
    ['sparse initializers', field(7, field(15, tensor(1)))],
    ['the indices of sparse initializers', field(7, field(15, tensor(2)))],
    ['lists of tensors', field(7, node(tensor(10)))],
    ['lists of subgraphs', field(7, node(field(11, tensor(5))))],
    ['sparse attributes', field(7, node(field(22, tensor(1))))],
    ['lists of sparse attributes', field(7, node(field(23, tensor(1))))],
    ['functions', field(25, field(7, field(5, tensor(5))))],
    ['defaults of function attributes', field(25, field(11, tensor(5)))],
    ['training graphs', field(20, field(1, tensor(5)))],
  ])('finds tensors in %s', async (_where, content) => {
    expect(await locationsOf(content)).toEqual(['x']);
  });

  test('of a key or value given twice the last counts, as for protobuf', async () => {
    const twice = Buffer.concat([field(1, 'offset'), field(2, 'a'), field(1, 'location'), field(2, 'b')]);
    expect(await locationsOf(field(7, field(5, field(13, twice))))).toEqual(['b']);
  });

  test('skips over weights, wherever they end', async () => {
    const data = new Uint8Array(200_000).fill(0xff);
    const weights: OnnxTensor = { name: 'v', datatype: 'UINT8', shape: [data.length], data };
    expect(await locationsOf(buildOnnx(graphWith({ initializers: [weights, external('x')] })))).toEqual(['x']);
  });

  test.each([
    ['a length past the end', [0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f], 'a field is longer than what holds it'],
    ['a length of 64 bits', [0x3a, ...Array(9).fill(0xff), 0x01], 'a field is longer than what holds it'],
    ['a number without an end', [0x08, ...Array(11).fill(0x80)], 'a number is longer than 10 bytes'],
    ['a fixed number cut short', [0x0d, 1], 'it ends within a field'],
    ['a group', [0x0b], 'a field has the unknown wire type 3'],
    ['a field longer than its message', [0x3a, 2, 0x0a, 5, 0, 0, 0, 0, 0], 'a field is longer than what holds it'],
  ])('refuses %s', async (_what, content, reason) => {
    await expect(locationsOf(Uint8Array.from(content))).rejects.toThrow(
      `not an ONNX file, or a damaged one (${reason})`,
    );
  });

  test('refuses a tag of more than 32 bits, which another parser could take for external data', async () => {
    const hidden = field(13, Buffer.concat([field(1, 'location'), field(2, '../x')]), [0xea, 0x80, 0x80, 0x80, 0x10]);
    await expect(locationsOf(field(7, field(5, hidden)))).rejects.toThrow('a field number is too large');
  });

  test('refuses a location that is not UTF-8', async () => {
    const named = Buffer.concat([field(1, 'location'), field(2, new Uint8Array([0xff]))]);
    await expect(locationsOf(field(7, field(5, field(13, named))))).rejects.toThrow('is not UTF-8');
  });

  test.each([
    ['two graphs', Buffer.concat([field(7, ''), field(7, tensor(5))])],
    ['two training graphs', field(20, Buffer.concat([field(1, ''), field(1, tensor(5))]))],
    ['two lists of sparse values', field(7, field(15, Buffer.concat([field(1, ''), tensor(1)])))],
  ])('refuses %s, of which parsers make one', async (_what, content) => {
    await expect(locationsOf(content)).rejects.toThrow('twice');
  });

  test('refuses subgraphs nested without end', async () => {
    let content = field(6, '');
    for (let depth = 0; depth < 40; depth += 1) content = field(6, field(1, field(5, content)));
    await expect(locationsOf(field(7, field(1, field(5, content))))).rejects.toThrow('nested too deep');
  });

  test('answers or refuses whatever the bytes, with one kind of error', async () => {
    const whole = modelWith('x');
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, byte, end) => {
        const content = Uint8Array.from(whole);
        content[at] = byte;
        const found = await locationsOf(content.subarray(0, end)).catch((error: Error) => error.message);
        expect(Array.isArray(found) || /^empty$|^not an ONNX file, or a damaged one \(/.test(String(found))).toBe(true);
      }),
    );
  });
});
