/** What runs a model: an NVIDIA GPU, or the processor. */
export type ExecutionProvider = 'cuda' | 'cpu';

/** The GPU that a model may use, and how much of it. */
export interface GpuSettings {
  /** Which of the machine's GPUs, counted from 0. */
  readonly deviceId: number;
  /** Bytes of its memory that a model's weights and tensors may take; 0: all there are. */
  readonly memoryBytes: number;
}

/** Where models run that do not say. */
export interface Execution {
  /** `['cuda']`: on the GPU or not at all; `['cuda', 'cpu']`: on the processor where the GPU cannot be had. */
  readonly providers: readonly ExecutionProvider[];
  readonly gpu: GpuSettings;
}
