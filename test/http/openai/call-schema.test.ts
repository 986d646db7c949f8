import { expect, test } from '@jest/globals';
import { callSchema } from '../../../src/http/openai/call-schema.ts';

test('parts of a schema are found where it has moved to', () => {
  const parameters = {
    type: 'object',
    properties: {
      near: { $ref: '#/$defs/place' },
      far: { anyOf: [{ $ref: '#' }, { const: { $ref: '#/kept' } }] },
    },
    $defs: { place: { type: 'string' } },
  };
  const tool = { name: 'go', parameters, given: {} };
  const at = (place: string) => ({
    type: 'object',
    properties: {
      name: { const: 'go' },
      arguments: {
        ...parameters,
        properties: {
          near: { $ref: `${place}/properties/arguments/$defs/place` },
          far: { anyOf: [{ $ref: `${place}/properties/arguments` }, { const: { $ref: '#/kept' } }] },
        },
      },
    },
    required: ['name', 'arguments'],
    additionalProperties: false,
  });
  expect(callSchema([tool])).toEqual(at('#'));
  expect(callSchema([tool, tool])).toEqual({ anyOf: [at('#/anyOf/0'), at('#/anyOf/1')] });
});
