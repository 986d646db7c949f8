import { openChatTemplate } from '../../src/adapters/open-chat-template.ts';
import { ChosenVersion } from '../../src/core/canary/chosen-version.ts';
import { ModelVersion } from '../../src/core/model-version.ts';
import { errorResponse } from '../../src/http/error-response.ts';
import type { HttpResponse } from '../../src/http/http-message.ts';
import type { ChatParts } from '../../src/http/openai/chat-route.ts';
import type { Handler } from '../../src/http/router.ts';
import type { FakeLanguageModel } from './fake-language-model.ts';
import { defaultConfig } from './fake-store.ts';
import { FakeTime } from './fake-time.ts';

/** The answer to a request, read whole. */
export interface Answered {
  readonly status: number;
  /** The JSON of an answer that comes whole. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it
  readonly json: any;
  /** Events of one that streams, as JSON where they are; comments by their text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into them
  readonly events: readonly any[];
}

/** The text API over a fake language model, `m`, without a server. */
export class TextService {
  readonly time = new FakeTime();
  readonly version = new ModelVersion('m', 1, defaultConfig);
  readonly chosen = new ChosenVersion(this.version);
  readonly caller = new AbortController();
  readonly parts: ChatParts;

  constructor(model: FakeLanguageModel, openJsonConstraint: ChatParts['openJsonConstraint']) {
    this.parts = {
      dataPlane: { releases: { choose: () => this.chosen }, languageModel: async () => model },
      clock: this.time,
      timers: this.time,
      openChatTemplate: (source) => openChatTemplate(source),
      openJsonConstraint,
    };
  }

  /** What `handler` answers; one that streams is not read yet. */
  async send(handler: Handler, path: string, body: unknown, parameters: readonly string[] = []): Promise<HttpResponse> {
    const request = {
      method: 'POST',
      path,
      headers: {},
      body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
      requestId: 'r1',
      gone: () => this.caller.signal,
    };
    try {
      return await handler(request, parameters);
    } catch (error) {
      return errorResponse(error, 'r1', path);
    }
  }
}

/** Reads an answer to its end. */
export async function readAnswer({ status, headers, body, stream }: HttpResponse): Promise<Answered> {
  let text = new TextDecoder().decode(Buffer.concat(body));
  if (!headers.some((value) => value.startsWith('text/event-stream')))
    return { status, json: JSON.parse(text), events: [] };
  for await (const piece of stream ?? []) text += new TextDecoder('utf-8', { fatal: true }).decode(piece);
  return { status, json: undefined, events: eventsOf(text) };
}

function eventsOf(text: string): readonly unknown[] {
  if (!text.endsWith('\n\n')) throw new Error(`no whole events: ${text}`);
  return text
    .slice(0, -2)
    .split('\n\n')
    .map((event) => {
      const data = /^data: (.*)$/.exec(event)?.[1];
      if (data === undefined) return event;
      return data.startsWith('{') ? JSON.parse(data) : data;
    });
}
