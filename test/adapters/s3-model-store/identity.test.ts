import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { bucketUrl } from '../../../src/adapters/s3-model-store/bucket-url.ts';
import { defaultCacheFolder } from '../../../src/adapters/s3-model-store/default-cache-folder.ts';
import { parseS3Uri } from '../../../src/adapters/s3-model-store/parse-s3-uri.ts';
import { TemporaryS3Store } from './temporary-s3-store.ts';

const here = new TemporaryS3Store();
const module = pathToFileURL('src/adapters/s3-model-store/resolve-identity.ts').href;
const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
const script = `
  import { createRequire } from 'node:module';
  import { resolveIdentity } from ${JSON.stringify(module)};
  const identity = await resolveIdentity(process.env).catch((error) => ({ error }));
  const credentials = await identity.credentials?.().catch((error) => error.message);
  const { cache } = createRequire(import.meta.url);
  const sdk = Object.keys(cache).some((path) => path.includes('client-s3'));
  console.log(JSON.stringify({ region: identity.region, error: identity.error?.message, credentials, sdk }));`;

/** Resolves an identity in a process with no other environment than this. */
async function resolve(environment: NodeJS.ProcessEnv) {
  const config = await here.write('config', '[profile team]\nregion = eu-north-1\n');
  const secrets = await here.write('credentials', '[team]\naws_access_key_id = TEAM\naws_secret_access_key = s\n');
  const files = { AWS_CONFIG_FILE: config, AWS_SHARED_CREDENTIALS_FILE: secrets, AWS_EC2_METADATA_DISABLED: 'true' };
  const env = { PATH: process.env.PATH, HOME: here.folder, ...files, ...environment };
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { env, encoding: 'utf8' }));
}

describe('credentials', () => {
  test('come from the environment, without the SDK', async () => {
    const found = await resolve({ ...keys, AWS_REGION: 'eu-west-1', AWS_SESSION_TOKEN: 'token' });
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
    expect(found).toEqual({ region: 'eu-west-1', credentials, sdk: false });
  });

  test('need no region where another server is set', async () => {
    const found = await resolve({ ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:9000' });
    expect(found).toMatchObject({ region: 'us-east-1', sdk: false });
  });

  test('come from a profile, by the SDK', async () => {
    const found = await resolve({ AWS_PROFILE: 'team' });
    expect(found).toMatchObject({ region: 'eu-north-1', credentials: { accessKeyId: 'TEAM' }, sdk: true });
  });

  test('that are nowhere are an error that says what to set', async () => {
    expect((await resolve(keys)).error).toMatch(
      /^credentials and a region are needed: .*; set AWS_REGION, or a region in/,
    );
    const found = await resolve({ AWS_REGION: 'eu-west-1' });
    expect(found.credentials).toMatch(
      /^credentials and a region are needed: .*; set AWS_ACCESS_KEY_ID, or AWS_PROFILE$/,
    );
  });
});

test.each([
  ['models', 'eu-west-1', {}, 'https://models.s3.eu-west-1.amazonaws.com/'],
  ['my.models', 'eu-west-1', {}, 'https://s3.eu-west-1.amazonaws.com/my.models/'],
  ['models', 'cn-north-1', {}, 'https://models.s3.cn-north-1.amazonaws.com.cn/'],
  ['models', 'x', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000/' }, 'http://127.0.0.1:9000/models/'],
  ['models', 'x', { AWS_ENDPOINT_URL: 'http://a', AWS_ENDPOINT_URL_S3: 'http://b/s3' }, 'http://b/s3/models/'],
])('bucket %s in %s with %j is at %s', (bucket, region, environment, url) => {
  expect(bucketUrl(bucket, region, environment).href).toBe(url);
});

describe('an s3:// URI', () => {
  test.each([
    ['s3://models', { bucket: 'models', prefix: '' }],
    ['s3://models/', { bucket: 'models', prefix: '' }],
    ['S3://my.models-1/a/b c/', { bucket: 'my.models-1', prefix: 'a/b c/' }],
  ])('%s is %j', (uri, location) => {
    expect(parseS3Uri(uri)).toEqual(location);
  });

  test.each([
    's3://',
    's3:///a',
    's3://Models',
    's3://a',
    's3://models/../x',
    's3://models/a//b',
    's3:models',
    's3://a_b/',
  ])('%s is refused, and why is said', (uri) => {
    expect(() => parseS3Uri(uri)).toThrow(/^'.*': expected /);
  });
});

test.each([
  [{ TENSORGATE_CACHE: '/x', AWS_LAMBDA_FUNCTION_NAME: 'f' }, /^\/x$/],
  [{ AWS_LAMBDA_FUNCTION_NAME: 'f' }, /^\/tmp\/tensorgate$/],
  [{ XDG_CACHE_HOME: '/home/u/cache' }, /^\/home\/u\/cache\/tensorgate$/],
  [{}, /\/\.cache\/tensorgate$/],
])('the cache with %j is at %s', (environment, folder) => {
  expect(defaultCacheFolder(environment)).toMatch(folder);
});
