/** The values of the first output of an answer of the Open Inference Protocol, as JSON. */
export function firstOutput(answer: Buffer): readonly number[] {
  return (JSON.parse(answer.toString()) as { outputs: [{ data: number[] }] }).outputs[0].data;
}
