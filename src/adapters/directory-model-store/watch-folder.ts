import { type FSWatcher, watch } from 'node:fs';

const debounceMs = 300;

/** Calls back soon after something in `folder` changed, and every `pollMs` besides; what comes back ends it. Keeps no process alive. */
export function watchFolder(folder: string, changed: () => void, pollMs = 5000): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(changed, debounceMs).unref();
  };
  const watcher = openWatcher(folder, soon);
  // Network file systems report no events, and a host may be out of watches.
  const poll = setInterval(changed, pollMs).unref();
  return () => {
    watcher?.close();
    clearTimeout(timer);
    clearInterval(poll);
  };
}

function openWatcher(folder: string, changed: () => void): FSWatcher | undefined {
  try {
    return watch(folder, { recursive: true, persistent: false }, changed).on('error', () => undefined);
  } catch {
    return undefined;
  }
}
