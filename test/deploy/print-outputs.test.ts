import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Emulator } from '../../scripts/deploy/emulator.ts';
import { printOutputs } from '../../scripts/deploy/print-outputs.ts';

const urlOf = (id: string) => `https://${id}.execute-api.eu-west-1.amazonaws.com/api`;
const keyed = { ModelBucketName: 'models', ApiUrl: urlOf('aaa'), StandardPlanId: 'p', DefaultKeyId: 'k' };
let said = '';

beforeEach(() => {
  said = '';
  jest.spyOn(console, 'log').mockImplementation((text = '') => {
    said += `${text}\n`;
  });
});

afterEach(() => void jest.restoreAllMocks());

test('an API with keys is called with one that the deployment made', () => {
  printOutputs('prod', keyed, undefined);
  expect(said).toContain('npm run -s tensorgate -- push models/iris/1/model.onnx --name iris --models s3://models\n');
  expect(said).toContain('KEY=$(npm run -s tensorgate -- keys show Default --stage prod)\n');
  expect(said).toContain(`curl -s -H "x-api-key: $KEY" ${keyed.ApiUrl}/v2/models\n`);
  expect(said).not.toContain('sigv4');
});

test('without such a key, one is made', () => {
  const { DefaultKeyId: _, ...rest } = keyed;
  printOutputs('prod', rest, undefined);
  expect(said).toContain('keys create me --stage prod)');
});

test('an API with signatures is called with one, and with no key', () => {
  printOutputs('prod', { ModelBucketName: 'models', ApiUrl: urlOf('aaa') }, undefined);
  expect(said).toContain('curl -s --aws-sigv4 "aws:amz:eu-west-1:execute-api" --user "$AWS_ACCESS_KEY_ID:');
  expect(said).toContain(`${urlOf('aaa')}/v2/models/iris/infer -d '{"inputs"`);
  expect(said).not.toMatch(/x-api-key|KEY=/);
});

test('a name of one’s own leaves the region to the environment', () => {
  printOutputs('prod', { ModelBucketName: 'models', ApiUrl: 'https://models.example.com/' }, undefined);
  expect(said).toContain('"aws:amz:$AWS_REGION:execute-api"');
  expect(said).toContain(' https://models.example.com/v2/models\n');
});

test('on the emulator both are called at its port, by the name of their API', () => {
  printOutputs('dev', { ...keyed, SignedApiUrl: urlOf('bbb') }, new Emulator(4599));
  const at = 'http://127.0.0.1:4599/api/v2/models\n';
  expect(said).toContain(`curl -s -H 'Host: aaa.execute-api.localhost:4599' -H "x-api-key: $KEY" ${at}`);
  expect(said).toContain(
    `curl -s -H 'Host: bbb.execute-api.localhost:4599' --aws-sigv4 "aws:amz:eu-west-1:execute-api" --user test:test ${at}`,
  );
});
