// node quantize-model.ts MODEL OUT PASS OPTIONS: writes what a pass makes of a model; OPTIONS are JSON.
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { writeOnnxModel } from '../../src/adapters/onnx-files/write-onnx-model.ts';
import { quantizeDynamically } from '../../src/graph/passes/quantize-dynamically.ts';
import { quantizeMatMuls } from '../../src/graph/passes/quantize-mat-muls.ts';

const passes = { quantizeDynamically, quantizeMatMuls };
const [path = '', out = '', pass = '', options = ''] = process.argv.slice(2);
const model = await openOnnxModel(path);
await writeOnnxModel(passes[pass as keyof typeof passes](model, JSON.parse(options)), out);
