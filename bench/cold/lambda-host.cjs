// One cold start: node bench/cold/lambda-host.cjs HANDLER EVENT. Loads a handler as Lambda does, calls it once and prints
// when what happened, in ms since 1970. Plain JavaScript, so that nothing is loaded that Lambda would not load.
const begun = performance.now();
const { readFileSync } = require('node:fs');
const { subscribe } = require('node:diagnostics_channel');

let downloaded = 0;
const noteTime = () => {
  downloaded = performance.now();
};
// Of node:http, whose connections stay open, and of what reads sockets itself, and closes them.
subscribe('http.client.response.finish', ({ response }) => response.once('end', noteTime));
subscribe('net.client.socket', ({ socket }) => socket.once('close', noteTime));

async function main() {
  const [, , path, eventPath] = process.argv;
  const { handler } = require(path);
  const loaded = performance.now();
  const event = JSON.parse(readFileSync(eventPath, 'utf8'));
  const ends = performance.now() + 29_000;
  const context = { awsRequestId: 'cold', getRemainingTimeInMillis: () => ends - performance.now() };
  const { statusCode, headers } = await handler(event, context);
  const answered = performance.now();
  const runMs = Number(/infer;dur=([0-9.]+)/.exec(headers['server-timing'])[1]);
  const atMs = (time) => performance.timeOrigin + time;
  const times = { begun, loaded, downloaded: downloaded || loaded, answered };
  for (const [name, time] of Object.entries(times)) times[name] = atMs(time);
  console.log(`answered ${JSON.stringify({ statusCode, runMs, ...times })}`);
  // Stays, for its peak memory to be read.
  process.stdin.resume();
}

main();
