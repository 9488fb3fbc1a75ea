import type { ObjectTarget, PodTarget } from '#core/live/target.ts';

/**
 * Commands for a POSIX shell that do the same as an action here. Context and namespace are always named, so that the command means the
 * same wherever it is pasted, and every word that is not surely harmless is quoted.
 */
export function getCommand(target: ObjectTarget): string {
  return line(target, target.address.namespace, ['get', resourceOf(target), '-o', 'yaml']);
}

export function describeCommand(target: ObjectTarget): string {
  return line(target, target.address.namespace, ['describe', resourceOf(target)]);
}

export function logsCommand(pod: PodTarget, container: string): string {
  return line(pod, pod.namespace, ['logs', '--follow', `pod/${pod.name}`, ...containerOption(container)]);
}

export function execCommand(pod: PodTarget, container: string, command: readonly string[] = ['sh']): string {
  const words = ['exec', '-it', `pod/${pod.name}`, ...containerOption(container), '--', ...command];
  return line(pod, pod.namespace, words);
}

/** A word that a POSIX shell reads as this very text. */
export function quoteForShell(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** With the group, because several groups use the same plural: `kafkas.kafka.strimzi.io/orders`. */
function resourceOf({ address: { group, version, plural, name } }: ObjectTarget): string {
  return `${group === '' ? plural : `${plural}.${version}.${group}`}/${name}`;
}

function containerOption(container: string): readonly string[] {
  return container === '' ? [] : [`--container=${container}`];
}

function line({ context }: { readonly context: string }, namespace: string, words: readonly string[]): string {
  const place = [`--context=${context}`, ...(namespace === '' ? [] : [`--namespace=${namespace}`])];
  return ['kubectl', ...place, ...words].map(quoteForShell).join(' ');
}
