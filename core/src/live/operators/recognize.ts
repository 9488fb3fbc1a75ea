import { knownOperators, type KnownOperator, type WatchedNamespaces } from '#core/live/operators/table.ts';
import type { LiveContainer, LiveWorkload } from '#core/live/objects.ts';
import { plainText } from '#core/live/plainText.ts';
import { repositoryOf } from '#core/systems/recognition.ts';

export interface RecognizedOperator {
  readonly operator: KnownOperator;
  readonly container: LiveContainer;
}

/** A Deployment stays the same object as long as nothing changes in it. */
const recognized = new WeakMap<LiveWorkload, RecognizedOperator | 'none'>();

/** Which operator a Deployment runs; undefined when it runs none that we know. */
export function recognizeOperator(workload: LiveWorkload): RecognizedOperator | undefined {
  const known = recognized.get(workload) ?? findOperator(workload) ?? 'none';
  recognized.set(workload, known);
  return known === 'none' ? undefined : known;
}

function findOperator({ kind, containers }: LiveWorkload): RecognizedOperator | undefined {
  if (kind !== 'Deployment') return undefined;
  for (const container of containers) {
    const operator = knownOperators.find((row) => fits(row, container));
    if (operator) return { operator, container };
  }
  return undefined;
}

function fits({ image, tag, command, except }: KnownOperator, container: LiveContainer): boolean {
  return (
    image.test(repositoryOf(container.image)) &&
    except?.test(container.name) !== true &&
    (tag?.test(tagOf(container.image)) ?? true) &&
    (command?.test(container.command) ?? true)
  );
}

/** The tag, or the label of the Deployment when the tag is no version; empty when neither tells. */
export function operatorVersion({ meta, templateLabels }: LiveWorkload, { image }: LiveContainer): string {
  const tag = tagOf(image);
  const labels = [meta.labels, templateLabels].map((map) => map['app.kubernetes.io/version'] ?? '');
  const found = [tag, ...labels].find((text) => /\d/.test(text) && text !== 'latest') ?? '';
  return plainText(found.replace(/^v(?=\d)/, ''), 60);
}

/** `registry:5000/a/b:1.2@sha256:...` has the tag `1.2`. */
function tagOf(image: string): string {
  const [name = ''] = image.split('@');
  return /:([^:/]+)$/.exec(name)?.[1] ?? '';
}

/** Sorted; empty for all; undefined when it does not say. */
export function watchedNamespaces(watches: WatchedNamespaces, container: LiveContainer): readonly string[] | undefined {
  if (container.command.includes('--namespace-selector')) return undefined;
  for (const option of watches.options ?? []) {
    const value = optionValue(container.command, option);
    if (value !== undefined) return splitNamespaces(value);
  }
  for (const name of watches.variables ?? []) {
    // A variable that is there but comes from elsewhere tells nothing.
    if (name in container.variables) {
      const value = container.variables[name];
      return value === undefined ? undefined : splitNamespaces(value);
    }
  }
  return watches.isAllByDefault ? [] : undefined;
}

/** Whether anything that it was started with could tell it which namespaces it watches. */
export const canBeTold = ({ options = [], variables = [] }: WatchedNamespaces): boolean =>
  options.length + variables.length > 0;

/** How it was told which namespaces it watches: `--namespaces=a,b`, `WATCH_NAMESPACE`; empty when nothing of it was found. */
export function watchSource(watches: WatchedNamespaces, { command, variables }: LiveContainer): string {
  const selector = optionValue(command, '--namespace-selector');
  if (selector !== undefined) return `--namespace-selector=${selector}`;
  for (const option of watches.options ?? []) {
    const value = optionValue(command, option);
    if (value !== undefined) return `${option}=${value}`;
  }
  const variable = (watches.variables ?? []).find((name) => name in variables);
  if (variable === undefined) return '';
  const value = variables[variable];
  return value === undefined ? variable : `${variable}=${value}`;
}

/** `--namespaces=a,b` and `--namespaces a,b`; quotes that a chart wrote into the argument are no part of the value. */
function optionValue(command: string, option: string): string | undefined {
  const match = new RegExp(`(?:^| )${option}(?:=| )([^ ]*)`).exec(`${command} `);
  return match?.[1]?.replaceAll(/["']/g, '');
}

function splitNamespaces(value: string): readonly string[] {
  const names = value.split(',').map((name) => plainText(name, 63));
  return names.some((name) => name === '' || name === '*') ? [] : names.toSorted();
}
