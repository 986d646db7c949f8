// node scripts/python-suite.ts NAME: sets up Python in .cache/python, starts a server over the models that
// test/NAME/make_models.py lays out, and runs the tests of test/NAME against it, those for Node too.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, rmSync } from 'node:fs';
import { countJest } from './count-jest.ts';
import { python, runPytest, setUpPython } from './python.ts';
import { run } from './run.ts';
import { setUpGoTool } from './set-up-go-tool.ts';
import { setUpPerfAnalyzer } from './set-up-perf-analyzer.ts';

const suite = process.argv[2] ?? '';
setUpPython();
const tools = suite === 'clients' ? { GRPCURL: setUpGoTool('grpcurl'), ...setUpPerfAnalyzer() } : {};
const models = `.cache/${suite}-models`;
rmSync(models, { recursive: true, force: true });
run(python, [`test/${suite}/make_models.py`, models]);
const data = `.cache/${suite}-data`;
rmSync(data, { recursive: true, force: true });
const options = [
  '--models',
  models,
  '--data',
  data,
  '--jobs',
  '1',
  '--port',
  '0',
  '--grpc-port',
  '0',
  '--base-path',
  '/base/path',
  '--log-level',
  'error',
];
const server = spawn('node', ['cli/tensorgate.js', 'serve', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
const ended = once(server, 'exit');
let output = '';
const [url, grpc] = await new Promise<[url: string, grpc: string]>((resolve, reject) => {
  server.stdout.on('data', (chunk) => {
    output += chunk;
    const [, http, grpc] = /listening on http:\/\/(\S+)\ngRPC on (\S+)\n/.exec(output) ?? [];
    if (http && grpc) resolve([http, grpc]);
  });
  ended.then(([code]) => reject(new Error(`the server ended with ${code}: ${output}`)), reject);
});
const environment = { TENSORGATE_URL: url, TENSORGATE_GRPC: grpc, ...tools };
// In a process of its own: see pytest.ini.
const apart = `test/${suite}/kserve`;
const results = [`test/${suite}`, ...(existsSync(apart) ? [apart] : [])].map((path) => runPytest([path], environment));
if (globSync(`test/${suite}/**/*.test.ts`).length > 0) results.push(countJest(`test/${suite}`, environment));
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
// A server that crashed or hangs is a failure too, and must not outlive the suite.
const force = setTimeout(() => server.kill('SIGKILL'), 15_000);
server.kill('SIGTERM');
const [code, signal] = await ended;
clearTimeout(force);
if (code !== 0) console.log(`the server did not end in order: ${code ?? signal}`);
const allFailed = failed + (code === 0 ? 0 : 1);
console.log(`${passed} passed, ${allFailed} failed`);
process.exit(allFailed > 0 ? 1 : 0);
