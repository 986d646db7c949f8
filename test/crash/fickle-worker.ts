// What is killed in the midst of runFickleJob.
import { DirectoryObjectStore } from '../../src/adapters/directory-object-store/directory-object-store.ts';
import { openS3ObjectStore } from '../../src/adapters/s3-object-store/open-s3-object-store.ts';
import { runFickleJob } from './run-fickle-job.ts';

const [folder = '', place = ''] = process.argv.slice(2);
const output = place.startsWith('s3://') ? openS3ObjectStore(place) : new DirectoryObjectStore(place);
await runFickleJob(new DirectoryObjectStore(folder), output);
