/** Work that is to go on in another turn of the event loop, from what is known by now. */
export class OutOfTurn extends Error {}
