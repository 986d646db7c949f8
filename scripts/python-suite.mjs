// node scripts/python-suite.mjs NAME: sets up Python in .cache/python, starts a server over the models that
// test/NAME/make_models.py lays out, and runs the tests of test/NAME against it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const suite = process.argv[2];
const cache = '.cache/python';
const python = `${cache}/venv/bin/python`;
const requirements = readFileSync('test/python/requirements.txt', 'utf8');
const stamp = `${cache}/requirements.txt`;

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

function setUp() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return;
  console.log('setting up Python …');
  mkdirSync(cache, { recursive: true });
  rmSync(`${cache}/venv`, { recursive: true, force: true });
  try {
    run('python3', ['-m', 'venv', `${cache}/venv`]);
  } catch {
    run('apt-get', ['install', '-y', 'python3-venv']);
    run('python3', ['-m', 'venv', `${cache}/venv`]);
  }
  run(python, ['-m', 'pip', 'install', '--quiet', '-r', 'test/python/requirements.txt']);
  writeFileSync(stamp, requirements);
}

setUp();
const models = `.cache/${suite}-models`;
rmSync(models, { recursive: true, force: true });
run(python, [`test/${suite}/make_models.py`, models]);
const options = ['--models', models, '--port', '0', '--base-path', '/base/path', '--log-level', 'error'];
const server = spawn('node', ['cli/main.ts', 'serve', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
let output = '';
const url = await new Promise((resolve, reject) => {
  server.stdout.on('data', (chunk) => {
    output += chunk;
    const found = /listening on http:\/\/(\S+)/.exec(output)?.[1];
    if (found) resolve(found);
  });
  server.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
});
const pytest = [
  '-m',
  'pytest',
  '-q',
  '-p',
  'no:cacheprovider',
  '-p',
  'server_url',
  '-c',
  'test/python/pytest.ini',
  '--rootdir',
  '.',
];
rmSync(`${cache}/report.xml`, { force: true });
const args = [...pytest, '--junitxml', `${cache}/report.xml`, `test/${suite}`];
spawnSync(python, args, {
  stdio: 'inherit',
  env: { ...process.env, TENSORGATE_URL: url, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: 'test/python' },
});
// A server that crashed or hangs is a failure too, and must not outlive the suite.
const force = setTimeout(() => server.kill('SIGKILL'), 15_000);
server.kill('SIGTERM');
const [code, signal] = await once(server, 'exit');
clearTimeout(force);
const report = existsSync(`${cache}/report.xml`)
  ? readFileSync(`${cache}/report.xml`, 'utf8')
  : ' tests="1" errors="1"';
const count = (name) => Number(new RegExp(` ${name}="(\\d+)"`).exec(report)?.[1] ?? 0);
const failed = count('failures') + count('errors') + (code === 0 ? 0 : 1);
if (code !== 0) console.log(`the server did not end in order: ${code ?? signal}`);
console.log(`${count('tests') - count('failures') - count('errors') - count('skipped')} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
