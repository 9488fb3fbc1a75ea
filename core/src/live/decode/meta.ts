import { isObject, numberOf, objectOf, objectsOf, textMapOf, textOf, textsOf } from '#core/live/json.ts';
import type { LiveCondition, ObjectMeta, OwnerLink } from '#core/live/objects.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { plainText } from '#core/live/plainText.ts';
import { timeAt } from '#core/live/reading.ts';

/** A whole manifest in an annotation; nobody reads it here, and it may hold what a Secret held. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Longest that Kubernetes lets a name be. */
const NAME_LENGTH = 253;

/** Most of a message that is kept: the reasons of operators are long, their stack traces longer. */
const MESSAGE_LENGTH = 1000;

/** Printable ASCII without blanks: nearly every text is of this kind, and there is nothing to clean in it. */
const CLEAN = /^[!-~]*$/;

/** A name as it is shown. */
export function nameText(value: unknown): string {
  return cleaned(textOf(value), NAME_LENGTH);
}

/** A word or sentence of a server as it is shown. */
export function shownText(value: unknown): string {
  return cleaned(textOf(value), MESSAGE_LENGTH);
}

function cleaned(text: string, limit: number): string {
  return text.length <= limit && CLEAN.test(text) ? text : plainText(text, limit);
}

/** Undefined for what has no name: that is no object. */
export function decodeMeta(object: JsonObject): ObjectMeta | undefined {
  const meta = object['metadata'];
  const name = isObject(meta) ? nameText(meta['name']) : '';
  if (!isObject(meta) || name === '') return undefined;
  const namespace = nameText(meta['namespace']);
  return {
    uid: uidOf(object),
    namespace,
    name,
    resourceVersion: textOf(meta['resourceVersion']),
    generation: numberOf(meta['generation']),
    createdAt: timeAt(meta['creationTimestamp']),
    deletedAt: timeAt(meta['deletionTimestamp']),
    labels: textMapOf(meta['labels']),
    annotations: decodeAnnotations(meta['annotations']),
    owners: objectsOf(meta['ownerReferences']).map(decodeOwner),
  };
}

/** What tells an object from a later one of its name. A server that gives none has at most one object of a name. */
export function uidOf(object: JsonObject): string {
  const meta = objectOf(object['metadata']);
  return textOf(meta['uid']) || `${textOf(meta['namespace'])}/${textOf(meta['name'])}`;
}

function decodeAnnotations(value: unknown): Readonly<Record<string, string>> {
  const all = textMapOf(value);
  if (all[LAST_APPLIED] === undefined) return all;
  return Object.fromEntries(Object.entries(all).filter(([key]) => key !== LAST_APPLIED));
}

function decodeOwner(owner: JsonObject): OwnerLink {
  return {
    apiVersion: textOf(owner['apiVersion']),
    kind: nameText(owner['kind']),
    name: nameText(owner['name']),
    uid: textOf(owner['uid']),
    isController: owner['controller'] === true,
  };
}

export function decodeConditions(value: unknown): readonly LiveCondition[] {
  return objectsOf(value).map((condition) => ({
    type: nameText(condition['type']),
    status: textOf(condition['status']),
    reason: shownText(condition['reason']),
    message: shownText(condition['message']),
    changedAt: timeAt(condition['lastTransitionTime']),
  }));
}

/** `matchLabels`, and expressions that allow one value; what a map cannot say is left out. */
export function decodeSelector(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return {};
  const expressions = objectsOf(value['matchExpressions']).flatMap((expression): [string, string][] => {
    const [only, ...more] = textsOf(expression['values']);
    const isPlain = expression['operator'] === 'In' && more.length === 0 && only !== undefined;
    return isPlain ? [[textOf(expression['key']), only]] : [];
  });
  const labels = textMapOf(value['matchLabels']);
  return expressions.length === 0 ? labels : { ...labels, ...Object.fromEntries(expressions) };
}
