// For node --import: kills its process at the write to a disk whose number KILL_AT says, from 1 on; before it, or with
// KILL_HALF in its midst.
import { appendFileSync, copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const { KILL_AT = '', KILL_HALF, WRITES_TOLD = '' } = process.env;
const names = ['writeFile', 'copyFile', 'rename', 'link', 'mkdir', 'rm', 'rmdir', 'open'] as const;
type Call = (...words: unknown[]) => Promise<unknown>;
const calls = promises as unknown as Record<(typeof names)[number], Call>;
let count = 0;

/** What half of a write leaves behind. */
function writeHalf(name: string, [first, second]: readonly unknown[]): void {
  if (name === 'writeFile') writeFileSync(String(first), String(second).slice(0, String(second).length / 2));
  if (name !== 'copyFile') return;
  copyFileSync(String(first), String(second));
  truncateSync(String(second), 10);
}

for (const name of names) {
  const call = calls[name];
  calls[name] = (...words) => {
    const isWrite = name !== 'open' || /[wa+]/.test(String(words[1] ?? 'r'));
    if (isWrite) count += 1;
    if (isWrite && WRITES_TOLD) appendFileSync(WRITES_TOLD, `${name}\n`);
    if (isWrite && count === Number(KILL_AT)) {
      if (KILL_HALF) writeHalf(name, words);
      process.kill(process.pid, 'SIGKILL');
    }
    return call(...words);
  };
}
syncBuiltinESMExports();
