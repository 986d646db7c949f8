import type { RandomAccess } from '../ports/random-access.ts';
import { fieldTag } from './field-tag.ts';
import { GraphReader } from './graph-reader.ts';
import { noBytes } from './no-bytes.ts';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, TrainingInfo } from './onnx-model.ts';
import type { OpenData } from './open-data.ts';
import { ownDomain } from './own-domain.ts';
import { type ProtobufField, ProtobufWalk } from './protobuf-walk.ts';
import { visitModel } from './visit-model.ts';

const noGraph: OnnxGraph = {
  name: '',
  nodes: [],
  initializers: new Map(),
  sparseInitializers: [],
  inputs: [],
  outputs: [],
  values: [],
  extra: noBytes,
};

/** Tensors may share bytes of external data, but not so that a small file is written as a huge one. */
const mostSharing = 8;

/**
 * Reads an ONNX file as a graph, its weights left where they are: in `source`, or in files beside it, which `open`
 * opens.
 *
 * Without `open`, elements in other files cannot be read, but all else can. Rejects with an Error where the file is
 * empty, no well-formed protobuf, names what lies outside of it, or would take more than some hundred megabytes of
 * memory. Source: onnx.proto3.
 */
export async function readModel(source: RandomAccess, open?: OpenData): Promise<OnnxModel> {
  const walk = new ProtobufWalk(source);
  // To protobuf, nothing at all is a well-formed message.
  if (walk.size === 0) throw new Error('empty');
  const files = new Set<RandomAccess>();
  const reader = new GraphReader(walk, open && recorded(open, files));
  const opsets = new Map<string, number>();
  const functions: OnnxFunction[] = [];
  const training: TrainingInfo[] = [];
  const metadata = new Map<string, string>();
  const others: ProtobufField[] = [];
  let irVersion = 0;
  let producerName = '';
  let producerVersion = '';
  let graph: OnnxGraph | undefined;
  await walk.each(0, walk.size, async (field) => {
    switch (field.tag) {
      case fieldTag(1, 0):
        irVersion = field.value;
        return;
      case fieldTag(2, 2):
        producerName = await walk.text(field);
        return;
      case fieldTag(3, 2):
        producerVersion = await walk.text(field);
        return;
      case fieldTag(7, 2):
        if (graph) throw walk.broken('it has its graph twice');
        graph = await reader.graph(field);
        return;
      case fieldTag(8, 2): {
        const { texts, whole } = await readPair(walk, field);
        opsets.set(ownDomain(texts[1] ?? ''), whole);
        return;
      }
      case fieldTag(14, 2): {
        const { texts } = await readPair(walk, field);
        metadata.set(texts[1] ?? '', texts[2] ?? '');
        return;
      }
      case fieldTag(20, 2):
        walk.keep();
        training.push(await readTraining(walk, reader, field));
        return;
      case fieldTag(25, 2):
        walk.keep();
        functions.push(await readFunction(walk, reader, field));
        return;
    }
    walk.keep();
    others.push(field);
  });
  const model = {
    irVersion,
    producerName,
    producerVersion,
    opsets,
    graph: graph ?? noGraph,
    functions,
    training,
    metadata,
    extra: await walk.encoded(others),
  };
  checkSharing(walk, model, files);
  return model;
}

function recorded(open: OpenData, files: Set<RandomAccess>): OpenData {
  return async (location) => {
    const file = await open(location);
    files.add(file);
    return file;
  };
}

function checkSharing(walk: ProtobufWalk, model: OnnxModel, files: ReadonlySet<RandomAccess>): void {
  let bytes = 0;
  visitModel(model, {
    tensor: ({ location, data }) => {
      if (location !== undefined) bytes += data.length;
    },
  });
  const held = [...files].reduce((sum, { size }) => sum + size, 0);
  if (files.size > 0 && bytes > mostSharing * held + walk.size)
    throw walk.broken(`its tensors ask for ${bytes} bytes of external data of ${held}`);
}

/** OperatorSetIdProto (domain 1, version 2) or StringStringEntryProto (key 1, value 2). */
async function readPair(walk: ProtobufWalk, { start, end }: ProtobufField) {
  const texts: Record<number, string> = {};
  let whole = 0;
  walk.keep();
  await walk.each(start, end, async (field) => {
    if (field.wire === 2) texts[field.number] = await walk.text(field);
    else if (field.tag === fieldTag(2, 0)) whole = field.value;
  });
  return { texts, whole };
}

/** TrainingInfoProto. */
async function readTraining(
  walk: ProtobufWalk,
  reader: GraphReader,
  { start, end }: ProtobufField,
): Promise<TrainingInfo> {
  const others: ProtobufField[] = [];
  const graphs = new Map<number, OnnxGraph>();
  await walk.each(start, end, async (field) => {
    if (field.tag !== fieldTag(1, 2) && field.tag !== fieldTag(2, 2)) {
      walk.keep();
      others.push(field);
      return;
    }
    if (graphs.has(field.number)) throw walk.broken('it has a training graph twice');
    graphs.set(field.number, await reader.graph(field));
  });
  return { initialization: graphs.get(1), algorithm: graphs.get(2), extra: await walk.encoded(others) };
}

/** FunctionProto. */
async function readFunction(
  walk: ProtobufWalk,
  reader: GraphReader,
  { start, end }: ProtobufField,
): Promise<OnnxFunction> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  const others: ProtobufField[] = [];
  let name = '';
  let domain = '';
  await walk.each(start, end, async (field) => {
    switch (field.tag) {
      case fieldTag(1, 2):
        name = await walk.text(field);
        return;
      case fieldTag(4, 2):
        walk.keep();
        inputs.push(await walk.text(field));
        return;
      case fieldTag(5, 2):
        walk.keep();
        outputs.push(await walk.text(field));
        return;
      case fieldTag(7, 2):
        walk.keep();
        nodes.push(await reader.node(field));
        return;
      case fieldTag(10, 2):
        domain = ownDomain(await walk.text(field));
        return;
      case fieldTag(11, 2):
        await reader.attribute(field, attributes);
        return;
    }
    walk.keep();
    others.push(field);
  });
  return { name, domain, inputs, outputs, nodes, attributes, extra: await walk.encoded(others) };
}
