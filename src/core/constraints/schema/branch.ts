import type { SchemaNode } from './schema-node.ts';

/** Schemas that a value must follow together. */
export type Branch = readonly SchemaNode[];
