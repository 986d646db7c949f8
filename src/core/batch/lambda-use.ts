/** An invocation of a function of AWS Lambda: what it costs follows from this. */
export interface LambdaUse {
  readonly memoryMb: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly seconds: number;
}
