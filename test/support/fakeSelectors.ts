import { scalarText, textMapOf, valueAt } from '#core/live/json.ts';
import type { JsonObject, WatchQuery } from '#core/live/ports.ts';

/** Whether an object is one of those that a query is about, without its kind and namespace. */
export function isSelected(object: JsonObject, query: Pick<WatchQuery, 'labelSelector' | 'fieldSelector'>): boolean {
  const labels = textMapOf(valueAt(object, 'metadata', 'labels'));
  return (
    requirementsOf(query.labelSelector).every((requirement) => hasLabel(labels, requirement)) &&
    requirementsOf(query.fieldSelector).every((requirement) => hasField(object, requirement))
  );
}

/** Splits at commas that are not inside `in (a, b)`. */
function requirementsOf(selector = ''): readonly string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function hasLabel(labels: Readonly<Record<string, string>>, requirement: string): boolean {
  const set = /^(\S+)\s+(in|notin)\s+\((.*)\)$/.exec(requirement);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return values.includes(labels[key] ?? '') === (operator === 'in');
  }
  if (requirement.startsWith('!')) return labels[requirement.slice(1)] === undefined;
  const [key = '', operator, value] = splitComparison(requirement);
  if (operator === undefined) return labels[key] !== undefined;
  return (labels[key] === value) === (operator !== '!=');
}

function hasField(object: JsonObject, requirement: string): boolean {
  const [path = '', operator, value] = splitComparison(requirement);
  return (scalarText(valueAt(object, ...path.split('.'))) === value) === (operator !== '!=');
}

function splitComparison(requirement: string): readonly (string | undefined)[] {
  const match = /^(.*?)(!=|==|=)(.*)$/.exec(requirement);
  if (!match) return [requirement];
  return [match[1]?.trim(), match[2], match[3]?.trim()];
}
