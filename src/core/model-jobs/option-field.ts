/** The fields of a request of OpenAI's fine-tuning API that say options of `train`, and what it goes on from. */
const fineTuningFields: Readonly<Record<string, string>> = {
  source: 'model',
  data: 'training_file',
  test: 'validation_file',
  new: 'model',
  target: 'method.supervised.target',
  columns: 'method.supervised.columns',
  head: 'method.supervised.head',
  freeze: 'method.supervised.freeze',
  epochs: 'method.supervised.hyperparameters.n_epochs',
  batchRows: 'method.supervised.hyperparameters.batch_size',
  learningRateMultiplier: 'method.supervised.hyperparameters.learning_rate_multiplier',
};

/** Where whoever asked for a job has said its source, or an option of its command, or could. */
export function optionField(option: string, isFineTuning: boolean): string {
  if (isFineTuning) return fineTuningFields[option] ?? option;
  return option === 'source' ? option : `options.${option}`;
}
