import { type FSWatcher, watch } from 'node:fs';

const debounceMs = 300;

/**
 * Calls back soon after something in `folder` changed, what is hidden right in it excepted, and every `pollMs` besides;
 * what comes back ends it. Keeps no process alive.
 */
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
    const told = (_event: string, name: string | null) => {
      // Servers write their audit log and their usage there all the time.
      if (!name?.startsWith('.')) changed();
    };
    return watch(folder, { recursive: true, persistent: false }, told).on('error', () => undefined);
  } catch {
    return undefined;
  }
}
