/** As how many elements one of BYTES counts: it is an object of its own, of a hundred bytes even where it is empty. */
export const elementsOfText = 64;
