import { jest, test } from '@jest/globals';
import { expectFailure } from '../fakes/expect-failure.ts';

jest.setTimeout(60_000);

test.each([
  [['modls'], "unknown command 'modls'\n(Did you mean models?)"],
  [['infer', 'iris', '--inpt', 'X=1'], "unknown option '--inpt'\n(Did you mean --input?)"],
  [['push', 'a.onnx'], "required option '--name <name>' not specified"],
  [['push', 'a.onnx', '--name', 'a', '--version', '0'], "option '--version <number>' argument '0' is invalid"],
])('%j is an error of usage', (words, message) => expectFailure(words, message, 2));
