import { spawnSync } from 'node:child_process';
import { expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);

test('a stage that is not there is refused, with those that are', () => {
  const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ stage: 'production' }) };
  const { status, stderr } = spawnSync(process.execPath, ['cdk/app.ts'], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain("cdk/stages.ts has no stage 'production': write -c stage=dev or -c stage=prod");
});
