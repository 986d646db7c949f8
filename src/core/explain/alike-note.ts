/** Where nothing is left to explain: why all weights are 0. */
export const alikeNote = 'all weights are 0: the baseline has the same in the place of each part';
