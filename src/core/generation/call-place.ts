/**
 * Where in an answer a call is: all of it is one; behind words, from the first mark of calls on, if there is one; or
 * nowhere.
 */
export type CallPlace = 'whole' | 'behind words' | 'none';
