/** What the service tells its operator. */
export interface ServiceLog {
  /** What goes as it should. */
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
