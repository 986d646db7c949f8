import type { Form } from '../form.ts';
import type { MachineBudget } from '../machine-budget.ts';
import type { SchemaDocument } from './schema-document.ts';

/** What the forms of a schema's parts are made with. */
export interface SchemaRules {
  readonly document: SchemaDocument;
  readonly budget: MachineBudget;
  /** A value that follows the schemas in all of these places; of none: any value. */
  value(places: readonly string[]): Form;
  /** Keeps a form as a rule of its own. */
  keep(name: string, form: Form): void;
}
