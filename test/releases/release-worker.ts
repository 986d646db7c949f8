// Clients of one process that change releases of a model at once: node test/releases/release-worker.ts URI FILE CLIENTS
// TIMES. Prints what they did.
import { releaseClient } from './release-client.ts';

const [uri = '', file = '', clients = '', times = ''] = process.argv.slice(2);

const logs = await Promise.all(Array.from({ length: Number(clients) }, () => releaseClient(uri, file, Number(times))));
console.log(JSON.stringify(logs));
