import { endInterrupted } from './end-interrupted.ts';
import { endWithLauncher } from './end-with-launcher.ts';
import { outliveReader } from './outlive-reader.ts';
import { withOneArena } from './with-one-arena.ts';

// Before all else is loaded, which takes a while: whoever begins a job may change their mind at once.
const [command, inner = ''] = process.argv.slice(2);
if (command === 'batch' && !['status', 'cancel'].includes(inner)) {
  process.on('SIGINT', endInterrupted);
  withOneArena();
}
endWithLauncher();
outliveReader();
await import('./program.ts');
