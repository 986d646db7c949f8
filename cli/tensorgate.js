#!/usr/bin/env node
// Where this Node cannot run TypeScript, the one that the project brings does.
if (process.features.typescript) await import('./main.ts');
else (await import('./with-own-node.js')).withOwnNode();
