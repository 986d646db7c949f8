/** The name of the samples among a version's files. */
export const samplesFile = 'samples.jsonl';
