import type { NameCheck } from '#core/kubernetes/names.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';

/** Minor in which RelaxedEnvironmentVariableValidation came to be on by default. */
const RELAXED_SINCE = '1.32';

/** How the API server of the object's Kubernetes checks names of environment variables and their prefixes. */
export function envNameCheck(object: ObjectView): NameCheck {
  return object.isAtLeast(RELAXED_SINCE) ? checkPrintable : checkIdentifier;
}

const checkPrintable: NameCheck = (name) =>
  /^[ -<>-~]+$/.test(name) ? undefined : 'must be printable ASCII characters without "="';

const checkIdentifier: NameCheck = (name) => {
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) {
    return 'must be letters, digits, "-", "_" and ".", and must not begin with a digit';
  }
  return name === '.' || name.startsWith('..') ? 'must not be "." or begin with ".."' : undefined;
};
