import type { Memory, NativeFunction, Pointer } from './native-types.ts';

/**
 * The functions used, with their positions in the struct that GetApi returns, what they return and take.
 *
 * Source: onnxruntime_c_api.h of ONNX Runtime, API version 24; the struct only ever grows, so positions are stable.
 * Those that return `status` return null where they succeeded.
 */
export const functionTable = {
  getErrorCode: [1, 'int', ['pointer']],
  getErrorMessage: [2, 'text', ['pointer']],
  createEnv: [3, 'status', ['int', 'text', 'pointer']],
  createSession: [7, 'status', ['pointer', 'pointer', 'pointer', 'pointer']],
  createSessionFromArray: [8, 'status', ['pointer', 'pointer', 'size', 'pointer', 'pointer']],
  run: [9, 'status', ['pointer', 'pointer', 'pointer', 'pointer', 'size', 'pointer', 'size', 'pointer']],
  createSessionOptions: [10, 'status', ['pointer']],
  setOptimizedModelFilePath: [11, 'status', ['pointer', 'pointer']],
  disableMemoryPattern: [17, 'status', ['pointer']],
  setSessionLogSeverityLevel: [22, 'status', ['pointer', 'int']],
  setSessionGraphOptimizationLevel: [23, 'status', ['pointer', 'int']],
  setIntraOpNumThreads: [24, 'status', ['pointer', 'int']],
  setInterOpNumThreads: [25, 'status', ['pointer', 'int']],
  sessionGetInputCount: [30, 'status', ['pointer', 'pointer']],
  sessionGetOutputCount: [31, 'status', ['pointer', 'pointer']],
  sessionGetOverridableInitializerCount: [32, 'status', ['pointer', 'pointer']],
  sessionGetInputTypeInfo: [33, 'status', ['pointer', 'size', 'pointer']],
  sessionGetOutputTypeInfo: [34, 'status', ['pointer', 'size', 'pointer']],
  sessionGetInputName: [36, 'status', ['pointer', 'size', 'pointer', 'pointer']],
  sessionGetOutputName: [37, 'status', ['pointer', 'size', 'pointer', 'pointer']],
  sessionGetOverridableInitializerName: [38, 'status', ['pointer', 'size', 'pointer', 'pointer']],
  createRunOptions: [39, 'status', ['pointer']],
  runOptionsSetTerminate: [46, 'status', ['pointer']],
  createTensor: [48, 'status', ['pointer', 'pointer', 'size', 'int', 'pointer']],
  createTensorWithData: [49, 'status', ['pointer', 'pointer', 'size', 'pointer', 'size', 'int', 'pointer']],
  getTensorMutableData: [51, 'status', ['pointer', 'pointer']],
  fillStringTensor: [52, 'status', ['pointer', 'pointer', 'size']],
  getStringTensorDataLength: [53, 'status', ['pointer', 'pointer']],
  getStringTensorContent: [54, 'status', ['pointer', 'pointer', 'size', 'pointer', 'size']],
  castTypeInfoToTensorInfo: [55, 'status', ['pointer', 'pointer']],
  getOnnxTypeFromTypeInfo: [56, 'status', ['pointer', 'pointer']],
  getTensorElementType: [60, 'status', ['pointer', 'pointer']],
  getDimensionsCount: [61, 'status', ['pointer', 'pointer']],
  getDimensions: [62, 'status', ['pointer', 'pointer', 'size']],
  getSymbolicDimensions: [63, 'status', ['pointer', 'pointer', 'size']],
  getTensorTypeAndShape: [65, 'status', ['pointer', 'pointer']],
  getValueType: [67, 'status', ['pointer', 'pointer']],
  createMemoryInfo: [68, 'status', ['text', 'int', 'int', 'int', 'pointer']],
  createCpuMemoryInfo: [69, 'status', ['int', 'int', 'pointer']],
  allocatorFree: [76, 'status', ['pointer', 'pointer']],
  getAllocatorWithDefaultOptions: [78, 'status', ['pointer']],
  getValue: [80, 'status', ['pointer', 'int', 'pointer', 'pointer']],
  getValueCount: [81, 'status', ['pointer', 'pointer']],
  releaseStatus: [93, 'void', ['pointer']],
  releaseSession: [95, 'void', ['pointer']],
  releaseValue: [96, 'void', ['pointer']],
  releaseRunOptions: [97, 'void', ['pointer']],
  releaseTypeInfo: [98, 'void', ['pointer']],
  releaseTensorTypeAndShapeInfo: [99, 'void', ['pointer']],
  releaseSessionOptions: [100, 'void', ['pointer']],
  castTypeInfoToMapTypeInfo: [103, 'status', ['pointer', 'pointer']],
  castTypeInfoToSequenceTypeInfo: [104, 'status', ['pointer', 'pointer']],
  getMapKeyType: [105, 'status', ['pointer', 'pointer']],
  getMapValueType: [106, 'status', ['pointer', 'pointer']],
  getSequenceElementType: [107, 'status', ['pointer', 'pointer']],
  addSessionConfigEntry: [130, 'status', ['pointer', 'text', 'text']],
  createAllocator: [131, 'status', ['pointer', 'pointer', 'pointer']],
  releaseAllocator: [132, 'void', ['pointer']],
  runWithBinding: [133, 'status', ['pointer', 'pointer', 'pointer']],
  createIoBinding: [134, 'status', ['pointer', 'pointer']],
  releaseIoBinding: [135, 'void', ['pointer']],
  bindInput: [136, 'status', ['pointer', 'text', 'pointer']],
  bindOutput: [137, 'status', ['pointer', 'text', 'pointer']],
  bindOutputToDevice: [138, 'status', ['pointer', 'text', 'pointer']],
  getBoundOutputValues: [140, 'status', ['pointer', 'pointer', 'pointer', 'pointer']],
  synchronizeBoundInputs: [202, 'status', ['pointer']],
  appendCudaProvider: [204, 'status', ['pointer', 'pointer']],
  createCudaProviderOptions: [205, 'status', ['pointer']],
  updateCudaProviderOptions: [206, 'status', ['pointer', 'pointer', 'pointer', 'size']],
  releaseCudaProviderOptions: [208, 'void', ['pointer']],
  getResizedStringTensorElementBuffer: [252, 'status', ['pointer', 'size', 'size', 'pointer']],
  tensorTypeAndShapeHasShape: [390, 'bool', ['pointer']],
} as const;

interface Kinds {
  readonly pointer: Memory;
  readonly size: number;
  readonly int: number;
  readonly text: string;
}

interface Results {
  readonly bool: boolean;
  readonly int: number;
  readonly text: string;
  readonly status: Pointer | null;
  readonly void: undefined;
}

type Arguments<Names extends readonly (keyof Kinds)[]> = { -readonly [Index in keyof Names]: Kinds[Names[Index]] };

/** The functions of the table, ready to call. */
export type NativeFunctions = {
  readonly [Name in keyof typeof functionTable]: NativeFunction<
    Arguments<(typeof functionTable)[Name][2]>,
    Results[(typeof functionTable)[Name][1]]
  >;
};
