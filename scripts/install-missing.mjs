// Runs `npm ci` where the packages of package-lock.json are not installed: a fresh clone, or a changed lock.
// Any Node runs it, before there are packages; one process at a time, as npm begins by removing what there is.
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';

const stamp = 'node_modules/.installed-lock';
// What npm writes last of all that it installs, also where someone ran it.
const installed = 'node_modules/.package-lock.json';
/** The id of the process that installs. */
const holder = '.cache/installing';
const pauseMs = 100;

if (!isInstalled()) {
  take();
  try {
    // Whoever was waited for may have done it.
    if (!isInstalled()) install();
  } finally {
    rmSync(holder);
  }
}

function isInstalled() {
  const lock = readFileSync('package-lock.json', 'utf8');
  const isStamped = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock;
  return isStamped || written(installed) > written('package-lock.json');
}

function written(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function install() {
  console.error('installing packages (npm ci) …');
  const lock = readFileSync('package-lock.json', 'utf8');
  const { status } = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    shell: true,
    stdio: ['ignore', 2, 2],
  });
  if (status === 0) writeFileSync(stamp, lock);
  else {
    console.error('npm ci failed: what it says is above; where that is no help, remove node_modules and run it again');
    process.exitCode = status ?? 1;
  }
}

function take() {
  mkdirSync('.cache', { recursive: true });
  let told;
  for (;;) {
    if (create(holder)) return;
    const id = idIn(holder);
    if (id !== undefined && isGone(id)) letGo(id);
    else if (id !== undefined && told !== id) {
      console.error(`waiting for process ${id}, which installs packages (${holder} says so) …`);
      told = id;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
  }
}

/** Of those that find that a holder is gone, one alone lets it go: the others might take away the next one's. */
function letGo(id) {
  const own = `${holder}-${id}`;
  if (!create(own)) return;
  if (idIn(holder) === id) rmSync(holder);
  rmSync(own);
}

/** Whether this process made the file, which has its id from the beginning; false where it is there. */
function create(file) {
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, String(process.pid));
  try {
    linkSync(whole, file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(whole);
  }
}

/** Undefined where there is no such file. */
function idIn(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

function isGone(id) {
  try {
    process.kill(id, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}
