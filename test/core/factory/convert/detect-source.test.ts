import { expect, test } from '@jest/globals';
import { detectSource } from '../../../../src/core/factory/convert/detect-source.ts';

const file = (start: string, entries?: readonly string[]) =>
  detectSource('model.bin', { kind: 'file', start, ...(entries && { entries }) });
const folder = (...entries: string[]) => detectSource('folder', { kind: 'folder', entries });
const zip = (...entries: string[]) => file('PK\x03\x04', entries);

test.each([
  ['LightGBM', 'tree\nversion=v4\nnum_class=1', 'tabular', false],
  ['XGBoost in UBJSON', '{L\x00\x00\x00\x00\x00\x00\x00\x07learner{L', 'tabular', false],
  ['XGBoost in JSON', '{"learner":{"attributes":{}}}', 'tabular', false],
  ['XGBoost in JSON, indented', '\n{ "version": [3, 2, 0] }', 'tabular', false],
  ['a pickle of scikit-learn', '\x80\x04\x95\x10\x00\x8c\x1asklearn.linear_model._base\x94', 'tabular', true],
  ['a pickle that imports by opcode', '\x80\x02csklearn.svm\nSVC\n', 'tabular', true],
  ['a pickle of a class of its own', '\x80\x04\x95\x10\x00\x8c\x06mymodel', 'tabular', true],
  ['a compressed pickle', '\x78\x9c\x01\x02', 'tabular', true],
  ['torch.save of before 1.6', '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.', 'torch', true],
])('%s is told by its content, and whether it runs code', (_what, start, family, runsCode) => {
  expect(file(start)).toMatchObject({ family, runsCode });
});

test.each([
  ['an exported program', ['net/archive_format', 'net/models/model.json'], 'torch', false],
  ['an exported program of before 2.8', ['serialized_exported_program.json'], 'torch', false],
  ['a module', ['net/data.pkl', 'net/byteorder'], 'torch', true],
  ['Keras', ['metadata.json', 'config.json', 'model.weights.h5'], 'tensorflow', false],
])('%s is told by the files in its archive', (_what, entries, family, runsCode) => {
  expect(zip(...entries)).toMatchObject({ family, runsCode });
});

test('folders are told by what is in them', () => {
  expect(folder('config.json', 'model.safetensors')).toMatchObject({ family: 'torch', runsCode: false });
  expect(folder('saved_model.pb', 'variables')).toMatchObject({ family: 'tensorflow', runsCode: false });
});

test.each([
  ['', 'an empty file'],
  ['binf\x00', 'save it as .ubj'],
  ['\x89HDF\r\n\x1a\n', 'save it as .keras'],
  ['GGUF\x03', 'GGUF'],
  ['\x10\x02\x00\x00\x00\x00\x00\x00{"__metadata__"', 'give the folder with its config.json'],
  ['\x80\x04\x95\x10\x00\x8c\x19keras.src.models.functional', 'save the model as .keras'],
  ['\x80\x04\x95\x10\x00\x8c\x10torch.nn.modules', 'torch.export.save'],
  ['\x08\x0a\x12\x07pytorch', 'push it as it is'],
  ['MZ\x90', 'got "MZ'],
])('%j is refused with what came and what to do', (start, words) => {
  expect(() => file(start)).toThrow(words);
  expect(() => file(start)).toThrow(/^model\.bin: [\s\S]*scikit-learn: a fitted estimator[\s\S]*LightGBM/);
});

test('archives and folders of other things are refused with what is in them', () => {
  expect(() => zip('code/__torch__.py', 'constants.pkl', 'data.pkl')).toThrow('TorchScript');
  expect(() => zip('word/document.xml')).toThrow('word/document.xml');
  expect(() => folder('model.onnx')).toThrow('push it as it is');
  expect(() => folder('weights.bin')).toThrow('without config.json and saved_model.pb (weights.bin)');
});
