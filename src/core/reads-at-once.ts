/** Files of a store that are read at a time: there may be thousands, in a store far away. */
export const readsAtOnce = 32;
