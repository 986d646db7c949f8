import type { AnyDefinition, EnumTypeDefinition, MessageTypeDefinition, PackageDefinition } from '@grpc/proto-loader';
import descriptors, { type IDescriptorProto, type IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js';

const { FileDescriptorProto } = descriptors;

/**
 * The definitions with descriptors that reflection can give: protobufjs 7.6 names the entries of a map as the field,
 * where clients ask for its name with Entry behind it. Source: descriptor.proto, `MessageOptions.map_entry`.
 */
export function nameMapEntries(definitions: PackageDefinition): PackageDefinition {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, definition]) => {
      if (!isType(definition)) return [name, definition];
      return [name, { ...definition, fileDescriptorProtos: definition.fileDescriptorProtos.map(repair) }];
    }),
  );
}

function isType(definition: AnyDefinition): definition is MessageTypeDefinition<object, object> | EnumTypeDefinition {
  return Array.isArray(definition.fileDescriptorProtos);
}

function repair(file: Buffer): Buffer {
  const decoded = FileDescriptorProto.decode(file) as unknown as IFileDescriptorProto;
  for (const message of decoded.messageType ?? []) renameIn(message);
  return FileDescriptorProto.encode(decoded).finish() as Buffer;
}

function renameIn(message: IDescriptorProto): void {
  for (const nested of message.nestedType ?? []) {
    if (!nested.options?.mapEntry) {
      renameIn(nested);
      continue;
    }
    const field = message.field?.find(({ typeName }) => typeName === nested.name);
    if (!field) continue;
    nested.name = `${camelCase(field.name ?? '')}Entry`;
    field.typeName = nested.name;
  }
}

function camelCase(name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}
