import type { ChosenVersion } from '../../core/canary/chosen-version.ts';
import type { Releases } from '../../core/canary/releases.ts';
import type { HttpRequest } from '../http-message.ts';
import { identityOf } from '../identity-of.ts';
import { modelOf } from '../openai/model-of.ts';

/**
 * The version that a path means by `{model}/versions/{version}`, or by `{model}@{version}`, as models are called that
 * were fine-tuned. Throws as `choose` does.
 */
export function chosenInPath(
  releases: Pick<Releases, 'choose'>,
  [name = '', reference]: readonly string[],
  request: HttpRequest,
): ChosenVersion {
  return reference === undefined
    ? modelOf(releases, name, request)
    : releases.choose(name, reference, identityOf(request));
}
