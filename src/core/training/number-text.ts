/** A number as people and programs write it; no NaN, and no infinity. */
export const numberText = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
