/**
 * The input of a decoder that says from which of a run's tokens on logits are made, INT64 [1]; a run that is not given
 * it makes those of all.
 */
export const firstLogits = 'tensorgate.first_logits';
