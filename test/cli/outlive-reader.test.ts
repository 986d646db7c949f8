import { expect, test } from '@jest/globals';
import { startCli } from '../fakes/start-cli.ts';

test('a command whose reader has left ends as it would', async () => {
  const started = startCli(process.env, 'batch', '--help');
  started.process.stdout?.destroy();
  expect(await started.ended).toMatchObject({ code: 0, stderr: '' });
});
