import { weightsFile } from '../onnx-native/weights-file.ts';
import { manifestFile } from './manifest.ts';

/** The files that a prepared form may have, in the order in which they are stored: the last one makes it whole. */
export const preparedFileNames = [weightsFile, 'model.onnx', manifestFile] as const;
