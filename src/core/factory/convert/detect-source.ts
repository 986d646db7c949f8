import type { ConversionSource } from './conversion-source.ts';
import type { SourceFacts } from './source-facts.ts';

const takes = `
  scikit-learn: a fitted estimator or Pipeline, by joblib.dump or pickle.dump
  XGBoost: model.save_model('model.ubj') or .json
  LightGBM: booster.save_model('model.txt')
  PyTorch: torch.export.save(torch.export.export(module, example), 'model.pt2'), or torch.save(module, 'model.pt')
  Keras: model.save('model.keras'); TensorFlow: a SavedModel's folder
  Hugging Face: the folder of a model, with config.json and its weights`;

/**
 * Tells by its content what framework a source is of. Throws an Error that says what was expected, what came, and what
 * to do.
 */
export function detectSource(label: string, facts: SourceFacts): ConversionSource {
  const found = facts.kind === 'folder' ? ofFolder(facts.entries) : (ofArchive(facts.entries) ?? ofFile(facts.start));
  if (typeof found === 'object') return found;
  throw new Error(`${label}: ${found}; expected one of${takes}`);
}

/** What it is, or what came instead. */
type Detected = ConversionSource | string;

function ofFolder(entries: readonly string[]): Detected {
  if (entries.includes('saved_model.pb')) return safe('tensorflow', "TensorFlow's SavedModel");
  if (entries.includes('config.json')) return safe('torch', "a model's folder of Hugging Face");
  const onnx = entries.find((entry) => entry.endsWith('.onnx'));
  if (onnx !== undefined) return `got a folder with ${onnx}, which is ONNX already: push it as it is`;
  return `got a folder without config.json and saved_model.pb (${entries.slice(0, 5).join(', ') || 'empty'})`;
}

function ofArchive(entries: readonly string[] | undefined): Detected | undefined {
  if (!entries) return undefined;
  const has = (end: string) => entries.some((entry) => entry === end || entry.endsWith(`/${end}`));
  if (has('model.weights.h5') && has('config.json')) return safe('tensorflow', "Keras's model");
  if (has('archive_format') || has('serialized_exported_program.json'))
    return safe('torch', "PyTorch's exported program");
  if (has('constants.pkl'))
    return 'got TorchScript, which PyTorch itself gives up: export the module that it was made of, by torch.export';
  if (has('data.pkl')) return { family: 'torch', words: "PyTorch's pickle (torch.save)", runsCode: true };
  return `got a ZIP archive of ${entries.slice(0, 5).join(', ')}`;
}

// What the pickles of torch.save began with before PyTorch 1.6.
const oldTorch = '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19';
const compressed: readonly string[] = ['\x78\x01', '\x78\x5e', '\x78\x9c', '\x78\xda', '\x1f\x8b', 'BZh', '\xfd7zXZ'];

function ofFile(start: string): Detected {
  if (start === '') return 'got an empty file';
  if (/^tree\r?\nversion=/.test(start)) return safe('tabular', "LightGBM's model");
  // UBJSON: an object, the length of its first key in one of several widths, and the key.
  if (/^\{[LlIiU][^A-Za-z]{1,8}(learner|version)/.test(start)) return safe('tabular', "XGBoost's model in UBJSON");
  if (/^\s*\{\s*"(learner|version)"\s*:/.test(start)) return safe('tabular', "XGBoost's model in JSON");
  if (start.startsWith('binf') || start.startsWith('bs64'))
    return "got XGBoost's old binary form, which it reads no more: load it with the XGBoost that wrote it, and save it as .ubj";
  if (start.startsWith('\x89HDF\r\n')) return "got HDF5, Keras's old form: load it with Keras, and save it as .keras";
  if (start.startsWith('GGUF')) return 'got GGUF, the form of llama.cpp';
  if (start.startsWith('\x93NUMPY')) return "got an array of NumPy's";
  if (/^.{8}\{"/s.test(start))
    return 'got safetensors, weights without a network: give the folder with its config.json';
  if (start.startsWith(oldTorch)) return { family: 'torch', words: "PyTorch's pickle (torch.save)", runsCode: true };
  // Since protocol 2 a pickle begins with its number. What of a compressed one is within shows once it is read.
  if (start[0] === '\x80' && isBetween(start[1], 2, 5)) return ofPickle(start);
  if (compressed.some((magic) => start.startsWith(magic)))
    return { family: 'tabular', words: 'a compressed pickle (joblib)', runsCode: true };
  // The first field of an ONNX file, its version.
  if (start[0] === '\x08' && isBetween(start[1], 1, 32)) return 'got what may be ONNX already: push it as it is';
  return `got ${JSON.stringify(start.slice(0, 16))}…`;
}

function isBetween(character: string | undefined, least: number, most: number): boolean {
  const code = character?.charCodeAt(0) ?? -1;
  return code >= least && code <= most;
}

function ofPickle(start: string): Detected {
  // Names of modules are there as texts, each behind its length or the opcode that imports it.
  const names = (module: string) => new RegExp(`[^A-Za-z0-9_.]${module}[.\\n]`).test(start);
  if (['sklearn', 'xgboost', 'lightgbm'].some(names))
    return { family: 'tabular', words: 'a pickle of scikit-learn, XGBoost or LightGBM', runsCode: true };
  if (['keras', 'tensorflow'].some(names)) return "got a pickle of Keras's: save the model as .keras";
  if (names('torch')) return "got a plain pickle of PyTorch's: use torch.export.save, or torch.save";
  return { family: 'tabular', words: 'a pickle', runsCode: true };
}

function safe(family: ConversionSource['family'], words: string): ConversionSource {
  return { family, words, runsCode: false };
}
