import { Slots } from './slots.ts';

/** Bounds what items take while they become tensors, pictures above all: one that the event loop works at, and one that decodes beside it. */
export const itemsInHand = new Slots(2);
