import { expect, test } from '@jest/globals';
import { loadLog } from '../../src/adapters/load-log.ts';
import { RuntimeError } from '../../src/adapters/onnx-native/runtime-error.ts';
import { ModelVersion } from '../../src/core/model-version.ts';
import { ServiceError } from '../../src/protocol/service-error.ts';
import { defaultConfig } from '../fakes/fake-store.ts';

const version = new ModelVersion('m', 2, defaultConfig);
const unreadable = Object.assign(new Error('EACCES: /models/m/2'), { syscall: 'open' });

test.each([
  ['a broken file', new ServiceError(400, 'model.onnx is empty', { cause: new Error('empty') }), 'warn'],
  ['what the runtime refuses', new Error('no such operator', { cause: new RuntimeError(1, 'at x.cc:7') }), 'warn'],
  ['a store that fails', new ServiceError(503, 'cannot be read (EACCES)', { cause: unreadable }), 'error'],
  ['a system call that fails', unreadable, 'error'],
  ['a slip of ours', new TypeError('undefined is not a function'), 'error'],
])('%s is logged as it deserves', (_what, error, level) => {
  const logged: unknown[] = [];
  const log = loadLog({
    info: (fields) => logged.push(['info', fields]),
    warn: (fields) => logged.push(['warn', fields]),
    error: (fields) => logged.push(['error', fields]),
  });
  version.reason = error.message;
  log.onLoadFailed(version, error);
  const why = level === 'warn' ? { reason: error.message } : { err: error };
  expect(logged).toEqual([[level, { model: 'm', version: 2, ...why }]]);
});

test('a version that serves, in which form, and one let go, are a line each', () => {
  const logged: unknown[] = [];
  const keep = (...all: unknown[]) => logged.push(all);
  const log = loadLog({ info: keep, warn: keep, error: () => undefined });
  version.reason = '';
  log.onLoaded(version, { form: 'prepared', whyPlain: '', bytes: 100 });
  log.onLoaded(version, { form: 'refused', whyPlain: 'it is damaged', bytes: 100 });
  log.onLoaded(version, { form: 'unfit', whyPlain: 'not for a GPU', whyNotCuda: 'no device', bytes: 100 });
  log.onReleased(version, 'replaced');
  expect(logged).toEqual([
    [{ model: 'm', version: 2, form: 'prepared' }, 'a version serves'],
    [
      { model: 'm', version: 2, form: 'refused', whyPlain: 'it is damaged' },
      'a version serves; its prepared form was refused',
    ],
    [
      { model: 'm', version: 2, form: 'unfit', whyPlain: 'not for a GPU', whyNotCuda: 'no device' },
      'a version serves on the processor, as the GPU cannot be had',
    ],
    [{ model: 'm', version: 2, reason: 'replaced' }, 'a version was let go'],
  ]);
});

test('a load that fails again as before is no further line, until it fails otherwise or after it served', () => {
  const logged: unknown[] = [];
  const log = loadLog({ info: () => undefined, warn: (fields) => logged.push(fields), error: () => undefined });
  const fail = (reason: string) => {
    version.reason = reason;
    log.onLoadFailed(version, new ServiceError(400, reason));
  };
  fail('one');
  fail('one');
  fail('other');
  log.onLoaded(version, { form: 'stored', whyPlain: '', bytes: 100 });
  fail('other');
  expect(logged).toEqual(['one', 'other', 'other'].map((reason) => ({ model: 'm', version: 2, reason })));
});
