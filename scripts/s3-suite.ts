// npm run test:s3: the S3 stores, and batch jobs over them, against a real S3 server, versitygw, which Go builds into .cache/ on the first run.
import { runJest } from './run-jest.ts';
import { setUpGoTool } from './set-up-go-tool.ts';

runJest('test/cloud/s3-', { VERSITYGW: setUpGoTool('versitygw') });
