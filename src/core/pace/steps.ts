/** Long work in steps, between which others may have their turn. */
export type Steps<T> = Generator<undefined, T, undefined>;
