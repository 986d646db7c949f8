// node runtime.mjs FILE.EXPORT: what Lambda's runtime for Node does with a handler of LAMBDA_TASK_ROOT.
// Source: AWS, "Using the Lambda runtime API for custom runtimes".
import { existsSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { awslambda, isStreaming, responseStream } from './awslambda.mjs';

globalThis.awslambda = awslambda;

// SIGUSR2 moves the function's clock on by 31 s; the emulator's own, which deadlines are of, stays.
const now = Date.now;
let skippedMs = 0;
process.on('SIGUSR2', () => {
  skippedMs += 31_000;
  console.log('time was skipped');
});
Date.now = () => now() + skippedMs;

const { AWS_LAMBDA_RUNTIME_API: address, LAMBDA_TASK_ROOT: folder = '.' } = process.env;
const agent = new http.Agent({ keepAlive: true });

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const url = `http://${address}/2018-06-01/runtime/${path}`;
    const request = http.request(url, { agent, method }, async (answer) => {
      const chunks = [];
      for await (const chunk of answer) chunks.push(chunk);
      resolve({ headers: answer.headers, body: Buffer.concat(chunks) });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/**
 * Answers an invocation piece by piece: `work` writes to what it is given, and where it rejects the answer ends as one
 * that failed.
 */
function answerStreaming(id, work) {
  return new Promise((resolve, reject) => {
    const headers = {
      'transfer-encoding': 'chunked',
      'lambda-runtime-function-response-mode': 'streaming',
      trailer: ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'],
    };
    const url = `http://${address}/2018-06-01/runtime/invocation/${id}/response`;
    const request = http.request(url, { agent, method: 'POST', headers }, (answer) => {
      answer.resume().on('end', resolve);
    });
    request.on('error', reject);
    const setContentType = (type) => request.setHeader('content-type', type);
    work(responseStream(request, setContentType)).catch((error) => {
      request.addTrailers({
        'Lambda-Runtime-Function-Error-Type': error?.name ?? 'Error',
        'Lambda-Runtime-Function-Error-Body': Buffer.from(describe(error)).toString('base64'),
      });
      request.end();
    });
  });
}

const describe = (error) => JSON.stringify({ errorType: error?.name, errorMessage: error?.message });

async function load(name) {
  const [file, member] = name.split('.');
  const path = ['.js', '.mjs'].map((ending) => join(folder, file + ending)).find(existsSync);
  const module = await import(path);
  return module[member] ?? module.default[member];
}

const handler = await load(process.argv[2]).catch(async (error) => {
  await ask('POST', 'init/error', describe(error));
  process.exit(1);
});
for (;;) {
  const { headers, body } = await ask('GET', 'invocation/next');
  const id = headers['lambda-runtime-aws-request-id'];
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadlineMs - now() };
  if (isStreaming(handler)) {
    await answerStreaming(id, (stream) => handler(JSON.parse(body), stream, context));
    continue;
  }
  try {
    const result = await handler(JSON.parse(body), context);
    await ask('POST', `invocation/${id}/response`, JSON.stringify(result ?? null));
  } catch (error) {
    await ask('POST', `invocation/${id}/error`, describe(error));
  }
}
