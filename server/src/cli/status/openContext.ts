import type { Cluster, ClusterDirectory, ClusterProblem } from '#core/live/ports.ts';
import type { Log } from '#core/ports.ts';
import { CliError } from '#server/cli/errors.ts';
import type { CliWorld } from '#server/cli/world.ts';
import { printable } from '#server/cli/writers/printable.ts';

/** The cluster of the named context, or of the current one. @throws CliError when there is no such context */
export async function openContext(directory: ClusterDirectory, context: string | undefined): Promise<Cluster> {
  const contexts = await directory.contexts();
  const chosen = contexts.find((one) => (context === undefined ? one.isCurrent : one.name === context));
  if (chosen) return directory.open(chosen.name);
  const names = contexts.map(({ name }) => printable(name));
  const advice =
    names.length === 0
      ? 'Name a kubeconfig file with --kubeconfig, or in the variable KUBECONFIG.'
      : `Name one of them with --context: ${names.slice(0, 10).join(', ')}${names.length > 10 ? ', ...' : ''}.`;
  throw new CliError(
    context === undefined ? 'No context is chosen.' : `There is no context "${printable(context)}".`,
    advice,
  );
}

export function asCliError({ message }: ClusterProblem): CliError {
  return new CliError(printable(message));
}

export function terminalLog({ terminal }: CliWorld): Log {
  const say = (message: string): void => terminal.err(`data-clusters: ${printable(message)}\n`);
  const detail = (cause: unknown): string => (cause instanceof Error ? `: ${cause.message}` : '');
  return {
    error: (message, cause) => say(`${message}${detail(cause)}`),
    warn: say,
    info: () => undefined,
    debug: () => undefined,
  };
}
