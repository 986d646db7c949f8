import type { ChosenVersion } from '../../core/canary/chosen-version.ts';
import type { Releases } from '../../core/canary/releases.ts';
import type { HttpRequest } from '../http-message.ts';
import { identityOf } from '../identity-of.ts';
import { nameIn } from './name-in.ts';
import { referenceIn } from './reference-in.ts';

/**
 * The version that a `model` of OpenAI's API means: a name, or a name with `@` and a version or alias behind it. Throws
 * as `choose` does.
 */
export function modelOf(releases: Pick<Releases, 'choose'>, model: string, request: HttpRequest): ChosenVersion {
  return releases.choose(nameIn(model), referenceIn(model), identityOf(request));
}
