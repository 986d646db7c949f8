/** What a request of OpenAI's fine-tuning API says beside the job that it asks for. */
export interface FineTuning {
  /** What the new model's name ends in, as it was given. */
  readonly suffix?: string;
  /** The caller's own notes. */
  readonly metadata?: Readonly<Record<string, string>>;
}
