import type { NotPrepared } from '../../ports/model-store.ts';

/** That nobody has prepared a version for this kind of machine, or not from what it is now. */
export const noPreparedForm: NotPrepared = { whyNot: 'no prepared form fits this machine', wasTried: false };
