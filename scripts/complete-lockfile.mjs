// Some registries serve the native packages of their own platform only; npm then leaves the others out of
// package-lock.json, and `npm ci` refuses the lock it wrote itself. This adds them, by name, version and
// platform. Run it after `npm install` changed the lock: node scripts/complete-lockfile.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const platforms = ['android', 'darwin', 'freebsd', 'linux', 'openbsd', 'openharmony', 'win32'];
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
let added = 0;
for (const entry of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const words = name.split(/[-_/]/);
    const os = words.find((word) => platforms.includes(word));
    if (lock.packages[path] || !os || !/^[0-9]+\.[0-9]+\.[0-9]+$/.test(version)) continue;
    const cpu = words[words.indexOf(os) + 1];
    lock.packages[path] = { version, cpu: [cpu], ...(entry.dev ? { dev: true } : {}), optional: true, os: [os] };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} packages of other platforms added to package-lock.json`);
