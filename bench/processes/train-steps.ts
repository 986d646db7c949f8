import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { openOnnxModel } from '../../src/adapters/onnx-files/open-onnx-model.ts';
import { openTrainer } from '../../src/adapters/training/open-trainer.ts';
import type { TrainingBatch } from '../../src/core/training/trainer.ts';
import { withRowsInUse } from '../../src/graph/gradient/with-rows-in-use.ts';
import { countElements } from '../../src/protocol/count-elements.ts';
import { elementBytes } from '../../src/protocol/element-bytes.ts';
import type { Lesson } from '../train/write-lesson.ts';

/**
 * node bench/processes/train-steps.ts FOLDER: takes steps of Adam with the lesson there, on one thread, as many as each
 * line of stdin says; for each line, prints the milliseconds of a step, and the losses, as JSON.
 */
async function main(folder: string): Promise<void> {
  const lesson = JSON.parse(readFileSync(`${folder}/lesson.json`, 'utf8')) as Lesson;
  const model = await openOnnxModel(`${folder}/model.onnx`);
  const recipe = { loss: { kind: 'cross-entropy' }, optimizer: { kind: 'adam' } } as const;
  // As a training begins: tables of words have the rows alone that the data asks for.
  const numbersOf = () => new Set(lesson.numbers);
  const { model: inUse } = await withRowsInUse(model, numbersOf, () => true);
  const { trainer, target } = await openTrainer(inUse, recipe, { threads: 1 });
  const batch = batchOf(folder, lesson, target);
  for await (const line of createInterface({ input: process.stdin })) {
    const losses: number[] = [];
    const began = performance.now();
    while (losses.length < Number(line)) losses.push((await trainer.step(batch, lesson.learningRate)).loss);
    console.log(JSON.stringify({ ms: (performance.now() - began) / losses.length, losses }));
  }
}

function batchOf(folder: string, { input, rows }: Lesson, target: string): TrainingBatch {
  const bytes = countElements(input.shape) * elementBytes[input.datatype];
  const data = new Uint8Array(bytes + rows * elementBytes.INT64);
  // The weights behind it are in the model.
  const file = openSync(`${folder}/lesson.bin`, 'r');
  readSync(file, data);
  closeSync(file);
  return {
    [input.name]: { ...input, data: data.subarray(0, bytes) },
    [target]: { datatype: 'INT64', shape: [rows], data: data.subarray(bytes) },
  };
}

await main(process.argv[2] ?? '');
