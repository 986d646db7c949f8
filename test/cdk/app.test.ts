import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, jest, test } from '@jest/globals';

jest.setTimeout(60_000);

function runApp(stage: string, outdir: string, more: object = {}) {
  const context = { stage, ...more, 'aws:cdk:disable-asset-staging': true };
  // nag.test.ts holds the templates to CloudFormation's rules.
  const env = {
    ...process.env,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_OUTDIR: outdir,
    CDK_VALIDATION: 'false',
  };
  return spawnSync(process.execPath, ['cdk/app.ts'], { env, encoding: 'utf8' });
}

test('a stage that is not there is refused, with those that are', () => {
  const { status, stderr } = runApp('production', tmpdir());
  expect(status).toBe(1);
  // Without a trace of where in the code it was noticed.
  expect(stderr).toBe("cdk/stages.ts has no stage 'production': write -c stage=dev or -c stage=prod\n");
});

test.each([
  ['prod', {}, true],
  // An emulator of AWS knows no streams.
  ['dev', { streaming: 'false' }, false],
])('%s with %j is two stacks, out of the handler that there is', (stage, more, streams) => {
  const outdir = mkdtempSync(join(tmpdir(), 'app-'));
  expect(runApp(stage, outdir, more)).toMatchObject({ status: 0, stderr: '' });
  const templates = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  expect(templates.map((file) => file.replace(/Tensorgate(Dev|Prod)|\.template\.json/g, ''))).toEqual([
    'Service',
    'State',
  ]);
  const service = readFileSync(join(outdir, templates[0] ?? ''), 'utf8');
  expect(/"ResponseTransferMode":\s*"STREAM"/.test(service)).toBe(streams);
});
