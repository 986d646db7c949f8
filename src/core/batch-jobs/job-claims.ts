import type { ObjectStore } from '../../ports/object-store.ts';
import { readJson } from '../batch/read-json.ts';
import { unlessBroken } from '../batch/unless-broken.ts';
import { writeJson } from '../batch/write-json.ts';
import type { Claim } from './claim.ts';
import { jobPlaces } from './job-places.ts';
import { newJobId } from './new-job-id.ts';

export interface AskedForJob {
  /** Who asks, and what for, as a text that is the same where that is. */
  readonly words: string;
  /** When it came. */
  readonly at: Date;
  /** Whether it may have been asked for before, by a request whose answer was lost. */
  readonly isRetry: boolean;
}

/** OpenAI's clients wait ten minutes for an answer, and ask again at once then. */
const recentMs = 15 * 60 * 1000;
const digits = 6;

/**
 * Which job a request is for: the same one each time that it is asked for again, since who did not hear the answer
 * would else have two. Requests that come at once, before either's job is stored, write for the same key: one of them
 * has it, and the other takes its id. What is a day old may go (`forgetClaims`).
 */
export class JobClaims {
  readonly #data: ObjectStore;
  readonly #kind: 'batch' | 'job';

  constructor(data: ObjectStore, kind: 'batch' | 'job') {
    this.#data = data;
    this.#kind = kind;
  }

  /** The id of the job that the same request is for that came before, or came again meanwhile. */
  async known(asked: AskedForJob): Promise<string | undefined> {
    const { newest } = await this.#newest(await this.#place(asked));
    return newest && isFor(newest, asked) ? newest.id : undefined;
  }

  /** The id of a request's job, which it, or the same one, is to store. */
  async claim(asked: AskedForJob): Promise<string> {
    const { at, isRetry } = asked;
    const place = await this.#place(asked);
    const own: Claim = { id: newJobId(this.#kind, at), atMs: at.getTime(), isRetry };
    for (;;) {
      const { newest, next } = await this.#newest(place);
      if (newest && isFor(newest, asked)) return newest.id;
      if ((await writeJson(this.#data, place + next, own)).isNew) return own.id;
    }
  }

  async #newest(place: string): Promise<{ readonly newest: Claim | undefined; readonly next: string }> {
    const last = (await this.#data.list(place)).at(-1)?.key;
    const number = last === undefined ? 0 : Number(last.slice(place.length)) + 1;
    const newest = last === undefined ? undefined : await readJson<Claim>(this.#data, last).catch(unlessBroken());
    return { newest, next: String(number).padStart(digits, '0') };
  }

  async #place({ words }: AskedForJob): Promise<string> {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${this.#kind} ${words}`));
    const name = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${jobPlaces.asked}${name}/`;
  }
}

/** A request that is new has a job of its own, unless it was overtaken by itself, asked again. */
function isFor(claim: Claim, { at, isRetry }: AskedForJob): boolean {
  return isRetry ? claim.atMs >= at.getTime() - recentMs : claim.isRetry && claim.atMs >= at.getTime();
}
