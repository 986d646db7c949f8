// The process of one worker: its first message sets it up, each that follows is what it is to do in a round.
import { doTask } from '../../core/training/do-task.ts';
import type { WorkerTask } from '../../core/training/train-in-rounds.ts';
import type { Trainer } from '../../core/training/trainer.ts';
import { TrainingRows } from '../../core/training/training-rows.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { endProcess } from '../end-process.ts';
import { openOnnxModel } from '../onnx-files/open-onnx-model.ts';
import { openTrainer } from './open-trainer.ts';
import type { WorkerSetup } from './worker-setup.ts';

let opened: Promise<{ readonly trainer: Trainer; readonly rows: TrainingRows }> | undefined;

process.on('message', async (message: WorkerSetup | WorkerTask) => {
  try {
    if ('path' in message) {
      opened = open(message);
      await opened;
      return;
    }
    const { trainer, rows } = (await opened) as NonNullable<Awaited<typeof opened>>;
    process.send?.({ result: await doTask(trainer, rows, message) });
  } catch (error) {
    process.send?.({ error: (error as Error).message });
  }
});
// Whoever it works for is gone.
process.once('disconnect', () => void endProcess(0));

async function open({ path, options, trained, rows }: WorkerSetup) {
  const isFrozen = (name: string) => !trained.includes(name);
  const { trainer } = await openTrainer(await openOnnxModel(path), { ...options, isFrozen }, { threads: 1 });
  // What was sent lies where it happens to; what is copied begins where elements may.
  const inputs = rows.inputs.map((tensors) =>
    tensors.map((tensor): Tensor => (tensor.datatype === 'BYTES' ? tensor : { ...tensor, data: tensor.data.slice() })),
  );
  return { trainer, rows: new TrainingRows({ ...rows, inputs }) };
}
