import { ServiceError, type ServiceErrorOptions } from './service-error.ts';

/** What a field of a record has in place of what fills an input, for whoever tells it in words of their own. */
export interface FieldFault {
  readonly field: string;
  /** `nothing` where the record has no such field, `other` where its values are of a kind that no input takes. */
  readonly kind: 'nothing' | 'null' | 'boolean' | 'number' | 'text' | 'list' | 'object' | 'other';
  /** The beginning of it as it is shown, or of a column that has such values alone, its type. */
  readonly got: string;
}

/** A refusal of a record, or of all records of a file, for what one of their fields has. */
export class FieldError extends ServiceError {
  readonly fault: FieldFault;

  constructor(status: number, message: string, fault: FieldFault, options?: ServiceErrorOptions) {
    super(status, message, options);
    this.fault = fault;
  }
}
