import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { freePort } from '../../scripts/free-port.ts';

/** What `npm run deploy` says with these words, and how it ends. */
async function deploy(...words: string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, ['scripts/deploy/deploy.ts', ...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, output };
}

test.each([
  [['--local', '--port', 'abc'], 'Expected a whole number from 1 to 65535'],
  [['--local', '--destroy', '--port', '0'], 'Expected a whole number from 1 to 65535'],
  [['--with-models'], '--with-models goes with --destroy'],
  [['--local', '--with-models'], '--with-models goes with --destroy'],
  [['--port', '4567'], '--port goes with --local'],
])('%j is refused before anything is done', async (words, message) => {
  const { status, output } = await deploy(...words);
  expect(status).toBe(1);
  expect(output).toMatch(/^error: [^\n]*\n$/);
  expect(output).toContain(message);
});

test('nothing is deployed onto a port that something else has', async () => {
  const asked: string[] = [];
  const other = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(404).end('<html></html>');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const { status, output } = await deploy('--local', '--port', String(port));
    expect(status).toBe(1);
    expect(output).toBe(`error: port ${port} is taken by something else than the emulator; give another with --port\n`);
    expect(asked).toEqual(['GET /_ministack/health']);
  } finally {
    other.close();
  }
});

test('a stage that the emulator cannot have is refused before it is started', async () => {
  const { status, output } = await deploy('--local', '--stage', 'prod', '--port', String(await freePort()));
  expect(status).toBe(1);
  expect(output).toMatch(/^error: stage prod has a firewall, which the emulator does not know: take firewall out/);
});

test('where no emulator runs, none is said to have ended', async () => {
  const port = await freePort();
  const { status, output } = await deploy('--local', '--destroy', '--port', String(port));
  expect(status).toBe(0);
  expect(output).toBe(`no emulator that was started from this folder runs on port ${port}: there is nothing to end\n`);
});
