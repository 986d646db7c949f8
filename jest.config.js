export default {
  // A core that Jest keeps for its own process has next to nothing to do: with two of them, files ran one by one.
  maxWorkers: '100%',
  globalSetup: './test/temporary-cache.js',
  testEnvironment: './test/environment.js',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/test/clients/',
    '/test/models/',
    '/test/cloud/',
    '/test/batch/',
    '/test/convert/',
    '/test/crash/',
    '/test/lambda/',
  ],
  // Templates of containers have a copy of this package beside them.
  modulePathIgnorePatterns: ['<rootDir>/cdk.out/'],
  // A test that hangs ends; a machine that is busy with other work is no failure.
  testTimeout: 20_000,
  // Modules of ended tests are never let go of: past this a process gives way to a new one.
  workerIdleMemoryLimit: '1GB',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' }, experimental: { keepImportAttributes: true } } },
    ],
  },
};
