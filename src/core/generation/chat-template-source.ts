type Config = Readonly<Record<string, unknown>>;

/** The template of tokenizer_config.json for conversations, or for those with tools; undefined where there is none. */
export function chatTemplateSource({ chat_template: given }: Config, hasTools: boolean): string | undefined {
  if (typeof given === 'string') return given;
  const named: readonly Config[] = Array.isArray(given) ? given : [];
  const byName = (wanted: string) => named.find(({ name }) => name === wanted)?.template;
  const found = (hasTools ? byName('tool_use') : undefined) ?? byName('default');
  return typeof found === 'string' ? found : undefined;
}
