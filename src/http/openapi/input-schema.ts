import { elementsOfText } from '../../protocol/elements-of-text.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Limits } from '../../settings.ts';
import { elementSchema } from './element-schema.ts';
import { fewestElements, spelledOutElements } from './fewest-elements.ts';
import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

/** One input of a model as its infer request has it in JSON. */
export function inputSchema({ name, datatype, shape, anyRank }: TensorSpec, limits: Limits): JsonObject {
  const mostElements = limits.maxElements / (datatype === 'BYTES' ? elementsOfText : 1);
  return {
    type: 'object',
    title: name,
    required: ['name', 'datatype', 'shape', 'data'],
    properties: {
      name: { type: 'string', const: name },
      datatype: { type: 'string', enum: [datatype] },
      shape: anyRank ? anyShape(limits) : shapeSchema(shape, mostElements),
      data: anyRank ? reference('schemas', 'InputData') : dataSchema(elementSchema(datatype), shape),
      parameters: reference('schemas', 'Parameters'),
    },
  };
}

function anyShape({ maxNesting }: Limits): JsonObject {
  return { type: 'array', description: 'any shape', maxItems: maxNesting, items: { type: 'integer', minimum: 0 } };
}

function shapeSchema(shape: readonly number[], mostElements: number): JsonObject {
  const mostRows = Math.floor(mostElements / Math.max(1, fewestElements(shape)));
  const dimensions = shape.map((size) =>
    size === -1 ? { type: 'integer', minimum: 0, maximum: mostRows } : { type: 'integer', const: size },
  );
  return {
    type: 'array',
    description: `[${shape.join(', ')}]${shape.includes(-1) ? ', where -1 is any size' : ''}`,
    ...(shape.length > 0 ? { prefixItems: dimensions } : {}),
    minItems: shape.length,
    maxItems: shape.length,
  };
}

function dataSchema(element: JsonObject, shape: readonly number[]): JsonObject {
  const description = `${shape.includes(-1) ? 'As many elements as `shape` says' : `${fewestElements(shape)} elements`}, flat in row-major order${shape.length > 1 ? ', or nested as the dimensions are' : ''}.`;
  const flat = arrayOf(element, shape.includes(-1) ? -1 : fewestElements(shape));
  if (shape.length === 0) return { description: 'One element, alone or in an array.', anyOf: [element, flat] };
  if (shape.length === 1) return { ...flat, description };
  const nested = shape.reduceRight((inner: JsonObject, size) => arrayOf(inner, size), element);
  return { description, anyOf: [flat, nested] };
}

/**
 * Arrays of so many items that nobody writes them by hand carry no count: tools that make up requests stumble over it.
 */
function arrayOf(items: JsonObject, count: number): JsonObject {
  if (count === -1 || count > spelledOutElements) return { type: 'array', items };
  return { type: 'array', items, minItems: count, maxItems: count };
}
