import { jest, test } from '@jest/globals';
import { expectFailure } from '../fakes/expect-failure.ts';

jest.setTimeout(60_000);

test.each([
  [['modls'], "unknown command 'modls'\n(Did you mean models?)"],
  [['infer', 'iris', '--inpt', 'X=1'], "unknown option '--inpt'\n(Did you mean --input?)"],
  [['push', 'a.onnx'], "required option '--name <model[@number]>' not specified"],
  [['push', 'a.onnx', '--name', 'a@0'], "option '--name <model[@number]>' argument 'a@0' is invalid"],
  [['show'], "missing required argument 'model[@version]'"],
  [
    ['explain', 'iris', '--method', 'guess'],
    "option '--method <name>' argument 'guess' is invalid. Allowed choices are",
  ],
  [['explain', 'iris', '--url', 'a b', 'text'], '--url a b: expected the address of a server'],
  [
    ['infer', 'iris', 'x.jpg', '--input', 'X=[5.1,3.5,1.4,0.2]'],
    "expected items for the model's task, or --input and --output, got 'x.jpg' and",
  ],
  [['infer', 'iris', 'x.jpg', '--parameters', 'top'], '--parameters top: expected JSON such as'],
  [
    ['infer', 'iris', '--input', 'X=[5.1,3.5,1.4,0.2]', '--parameters', '{}'],
    '--parameters are of items for the task of the model',
  ],
  [
    ['usage', '--from', '2026-11-29', '--to', '2026-11-28'],
    'expected --from before --to, or on the same day, got 2026-11-29 and 2026-11-28',
  ],
  [
    ['drift', 'report', 'iris', '--from', '2026-11-29T06:00:00Z'],
    "option '--from <day>' argument '2026-11-29T06:00:00Z' is invalid. Expected a day such as 2026-11-29.",
  ],
  [
    ['audit', 'list', '--from', '2026-11-29T06:00'],
    "option '--from <day>' argument '2026-11-29T06:00' is invalid. Expected a day such as 2026-11-29, or a time",
  ],
])('%j is an error of usage', (words, message) => expectFailure(words, message, 64));
