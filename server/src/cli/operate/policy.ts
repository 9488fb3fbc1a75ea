import { matchesContext } from '#core/live/liveSettings.ts';
import { CliError } from '#server/cli/errors.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** Patterns of contexts, divided by commas; `*` stands for any text. The editor has the same as settings. */
const PROTECTED = 'DATA_CLUSTERS_PROTECTED_CONTEXTS';
const READ_ONLY = 'DATA_CLUSTERS_READ_ONLY_CONTEXTS';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether everything that is done there wants the name of the data cluster to be typed. */
export function isProtected(context: string, environment: Environment): boolean {
  return isNamed(context, environment[PROTECTED]);
}

/** @throws CliError for a context in which nothing may be changed */
export function refuseReadOnly(context: string, environment: Environment): void {
  if (!isNamed(context, environment[READ_ONLY])) return;
  throw new CliError(
    `The context ${printable(context)} is read-only: ${READ_ONLY} names it.`,
    'Plan with `data-clusters plan`, or choose another context.',
  );
}

function isNamed(context: string, patterns = ''): boolean {
  return patterns
    .split(',')
    .map((pattern) => pattern.trim())
    .some((pattern) => pattern !== '' && matchesContext(pattern, context));
}
