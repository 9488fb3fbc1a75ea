import { ApiError } from '../simulation/apiError.ts';
import { isRecord, textOr, type KubeObject } from '../simulation/objects.ts';

export type ObjectFilter = (object: KubeObject) => boolean;

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels: equality, sets and existence, joined by commas. */
export function labelFilter(selector: string): ObjectFilter {
  const terms = selector
    .split(/,(?![^(]*\))/)
    .filter((term) => term.trim() !== '')
    .map(labelTerm);
  return ({ metadata }) => terms.every((holds) => holds(metadata.labels ?? {}));
}

function labelTerm(text: string): (labels: Readonly<Record<string, string>>) => boolean {
  const [, key = '', word, list = ''] = /^\s*([^\s!=,]+)\s+(in|notin)\s+\(([^)]*)\)\s*$/.exec(text) ?? [];
  if (word !== undefined) {
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[key] ?? '\0') === (word === 'in');
  }
  const [, name = '', operator, value = ''] = /^\s*([^\s!=,]+)\s*(==|=|!=)\s*([^\s,]*)\s*$/.exec(text) ?? [];
  if (operator === '!=') return (labels) => labels[name] !== value;
  if (operator !== undefined) return (labels) => labels[name] === value;
  const [, negation, bare = ''] = /^\s*(!?)\s*([^\s!=,()]+)\s*$/.exec(text) ?? [];
  if (negation === undefined) throw new ApiError(400, 'BadRequest', `unable to parse requirement: ${text}`);
  return (labels) => bare in labels === (negation === '');
}

/** `metadata.name=x,status.phase!=Running`. */
export function fieldFilter(selector: string): ObjectFilter {
  const terms = selector
    .split(',')
    .filter((term) => term !== '')
    .map((term) => {
      const [, path = '', operator = '', value = ''] = /^([^=!]+)(==|=|!=)(.*)$/.exec(term) ?? [];
      return { path: path.split('.'), isWanted: operator !== '!=', value };
    });
  return (object) => terms.every(({ path, isWanted, value }) => (fieldText(object, path) === value) === isWanted);
}

function fieldText(object: KubeObject, path: readonly string[]): string {
  let place: unknown = object;
  for (const key of path) place = isRecord(place) ? place[key] : undefined;
  return textOr(place, '');
}

export function filterOf(namespace: string, query: URLSearchParams): ObjectFilter {
  const byLabel = labelFilter(query.get('labelSelector') ?? '');
  const byField = fieldFilter(query.get('fieldSelector') ?? '');
  return (object) =>
    (namespace === '' || object.metadata.namespace === namespace) && byLabel(object) && byField(object);
}
