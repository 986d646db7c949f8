import { describe, expect, test } from '@jest/globals';
import descriptors, { type IDescriptorProto, type IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js';
import { loadProto } from '../../../src/adapters/grpc-server/load-proto.ts';
import { nameMapEntries } from '../../../src/adapters/grpc-server/name-map-entries.ts';

describe('nameMapEntries', () => {
  test('names the entries of each map for its field, and each field says so', () => {
    const { fileDescriptorProtos = [] } = nameMapEntries(loadProto())['inference.ModelConfig'] as {
      fileDescriptorProtos?: Buffer[];
    };
    const file = descriptors.FileDescriptorProto.decode(
      fileDescriptorProtos[0] as Buffer,
    ) as unknown as IFileDescriptorProto;
    const entries = (file.messageType ?? []).flatMap(entriesOf);
    expect(entries).toContain('parameters: ParametersEntry');
    expect(entries).toContain('response_stats: ResponseStatsEntry');
    expect(entries).toContain('input_map: InputMapEntry');
    expect(entries).toHaveLength(13);
  });
});

/** Each field that is a map, and the type of its entries. */
function entriesOf(message: IDescriptorProto): string[] {
  const nested = message.nestedType ?? [];
  const maps = nested.filter(({ options }) => options?.mapEntry);
  return [
    ...maps.map(({ name }) => `${message.field?.find(({ typeName }) => typeName === name)?.name}: ${name}`),
    ...nested.filter((each) => !maps.includes(each)).flatMap(entriesOf),
  ];
}
