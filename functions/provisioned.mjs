// What Lambda runs where environments are kept started: they have minutes to start, and shall have their models before
// the first request.
import { createRequire } from 'node:module';

const api = createRequire(import.meta.url)('./index.js');
// Environments started beyond those that are kept have 10 s: there the first request waits instead.
if (process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'provisioned-concurrency') await api.started;

export const handler = api.handler;
