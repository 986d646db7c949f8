import type { BenchRow } from './row.ts';

const benches: Record<string, () => Promise<readonly BenchRow[]>> = {
  http: async () => (await import('./http.ts')).benchHttp(),
  engine: async () => (await import('./engine.ts')).benchEngine(),
  'load-unload': async () => [await (await import('./load-unload.ts')).benchLoadUnload()],
  'json-decode': async () => (await import('./json-decode.ts')).benchJsonDecode(),
};

const wanted = process.argv.slice(2);
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const { name: what, against, target, ratio, better = 'higher', detail } of await bench()) {
    const met = better === 'higher' ? ratio >= target : ratio <= target;
    console.log(`${met ? 'ok   ' : 'BELOW'} ${what} | ${against} | target ${target} | ${ratio.toFixed(3)} | ${detail}`);
  }
}
