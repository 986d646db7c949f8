import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { JsonConstraints } from '../../../src/core/constraints/json-constraints.ts';
import { atOnce } from '../../../src/core/pace/at-once.ts';
import { seededRandom } from '../../../src/core/seeded-random.ts';
import { byteVocabulary, endToken } from '../../fakes/byte-vocabulary.ts';
import { randomAnswer } from '../../fakes/random-answer.ts';
import { randomSchema } from '../../fakes/random-schema.ts';

const runs = Number(process.env.RUNS ?? 40);

const ajv = new Ajv2020({ strict: false });
formats.default(ajv);

function validator(schema: object): (value: unknown) => readonly unknown[] {
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}

test('whatever the schema, and whatever the model likes, what comes follows the schema', () => {
  const constraints = atOnce(JsonConstraints.open({ tokenBytes: () => byteVocabulary }, [endToken]));
  for (let run = 0; run < runs; run += 1) {
    const random = seededRandom(run);
    const schema = randomSchema(random) as object;
    const errors = validator(schema);
    for (const maxTokens of [900, 600]) {
      const text =
        randomAnswer(atOnce(constraints.constrain(maxTokens, schema)), maxTokens, random) ?? 'it did not end';
      expect({ run, schema, text, errors: errors(JSON.parse(text)) }).toEqual({ run, schema, text, errors: [] });
    }
  }
});
