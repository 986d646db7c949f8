// For `npm run unit:late`: files are read and written, and timers fire, later than they were asked for by chance, as on
// a machine that is busy. A test that goes by the order of what happens to be quick fails.
const files = require('node:fs/promises');
const { syncBuiltinESMExports } = require('node:module');
const { promisify } = require('node:util');

const timer = globalThis.setTimeout;
const meanMs = 8;
const pause = () =>
  Math.random() < 0.35 ? new Promise((resolve) => timer(resolve, -Math.log(1 - Math.random()) * meanMs)) : undefined;

for (const [name, real] of Object.entries(files)) {
  if (typeof real !== 'function' || name === 'watch') continue;
  files[name] = async (...given) => {
    await pause();
    const result = await real(...given);
    await pause();
    return result;
  };
}
syncBuiltinESMExports();

function setTimeout(work, ms = 0, ...given) {
  return timer(work, Math.random() < 0.25 ? ms + Math.random() * 25 : ms, ...given);
}
setTimeout[promisify.custom] = timer[promisify.custom];
globalThis.setTimeout = setTimeout;
