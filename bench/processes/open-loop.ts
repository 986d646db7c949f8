import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { GenerateJob, GenerateTokens } from './generate-job.ts';

/** What one writes by hand with onnxruntime-node: each run's caches are fed to the next. */
export async function openLoop({ path, threads }: GenerateJob): Promise<GenerateTokens> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: threads });
  const pasts = session.inputNames.filter((name) => name.startsWith('past_'));
  const takesPositions = session.inputNames.includes('position_ids');
  const empty = (name: string) => {
    const input = session.inputMetadata.find((each) => each.name === name);
    const shape = input?.isTensor ? input.shape : [];
    return new Tensor('float32', new Float32Array(0), [1, Number(shape[1]), 0, Number(shape[3])]);
  };
  return async (prompt, count, onToken) => {
    let caches: readonly Tensor[] = pasts.map(empty);
    let tokens = prompt;
    let length = 0;
    for (let index = 0; index < count; index += 1) {
      const feeds: Record<string, Tensor> = {
        input_ids: wholes(tokens),
        attention_mask: wholes(new Array(length + tokens.length).fill(1)),
      };
      if (takesPositions) feeds.position_ids = wholes(tokens.map((_, place) => length + place));
      for (const [place, name] of pasts.entries()) feeds[name] = caches[place] as Tensor;
      const results = await session.run(feeds);
      caches = pasts.map((name) => results[name.replace('past_key_values', 'present')] as Tensor);
      length += tokens.length;
      const logits = results.logits as Tensor;
      tokens = [likeliest((logits.data as Float32Array).subarray(-Number(logits.dims[2])))];
      onToken();
    }
  };
}

function wholes(values: readonly number[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}

function likeliest(logits: Float32Array): number {
  let best = 0;
  for (let token = 1; token < logits.length; token += 1) {
    if ((logits[token] as number) > (logits[best] as number)) best = token;
  }
  return best;
}
