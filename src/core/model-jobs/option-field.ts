/** The fields of a request of OpenAI's fine-tuning API that say options of `train`. */
const fineTuningFields: Readonly<Record<string, string>> = {
  data: 'training_file',
  test: 'validation_file',
  new: 'model',
  target: 'method.supervised.target',
  columns: 'method.supervised.columns',
  head: 'method.supervised.head',
  freeze: 'method.supervised.freeze',
  epochs: 'n_epochs',
  batchRows: 'batch_size',
  learningRateMultiplier: 'learning_rate_multiplier',
};

/** Where whoever asked for a job has said an option of its command, or could. */
export function optionField(option: string, isFineTuning: boolean): string {
  return isFineTuning ? (fineTuningFields[option] ?? option) : `options.${option}`;
}
