import { expect, test } from '@jest/globals';
import { callSchema } from '../../../src/http/openai/call-schema.ts';

/** A schema whose references begin with `root`; some of its names read like keywords. */
const parametersAt = (root: string) => ({
  type: 'object',
  properties: {
    near: { $ref: `${root}/$defs/place` },
    far: { anyOf: [{ $ref: root }, { const: { $ref: '#/kept' } }] },
    examples: { type: 'array', items: { $ref: `${root}/$defs/default` } },
    properties: { default: { $ref: '#/kept' } },
  },
  $defs: { place: { type: 'string' }, default: { $ref: `${root}/$defs/place` } },
});

test('parts of a schema are found where it has moved to', () => {
  const tool = { name: 'go', parameters: parametersAt('#'), given: {} };
  const at = (place: string) => ({
    type: 'object',
    properties: { name: { const: 'go' }, arguments: parametersAt(`${place}/properties/arguments`) },
    required: ['name', 'arguments'],
    additionalProperties: false,
  });
  expect(callSchema([tool])).toEqual(at('#'));
  expect(callSchema([tool, tool])).toEqual({ anyOf: [at('#/anyOf/0'), at('#/anyOf/1')] });
});
