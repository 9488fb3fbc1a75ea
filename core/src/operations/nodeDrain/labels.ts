import { numberOf, objectsOf, textAt, textMapOf, textOf, textsOf } from '#core/json.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { meetsRequirement } from '#core/kubernetes/labelRequirement.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * Whether a label selector as the server sent it means an object with these labels. One that is absent means none, an empty one means
 * all; a requirement that is not understood is taken as met, so that what may be meant counts. Source: k8s.io/apimachinery pkg/labels.
 */
export function selectorMeans(selector: JsonObject | undefined, labels: Labels): boolean {
  if (!selector) return false;
  const wanted = Object.entries(textMapOf(selector['matchLabels']));
  return (
    wanted.every(([key, value]) => labelOf(labels, key) === value) &&
    objectsOf(selector['matchExpressions']).every((requirement) => isMet(requirement, labels))
  );
}

/**
 * Whether a node is meant by the terms of a required node affinity: one of them must hold in all its requirements, and one without any
 * holds for no node. Source: k8s.io/component-helpers scheduling/corev1/nodeaffinity.
 */
export function termsMean(terms: readonly JsonObject[], node: JsonObject): boolean {
  const labels = labelsOf(node);
  return terms.some((term) => {
    const expressions = objectsOf(term['matchExpressions']);
    const fields = objectsOf(term['matchFields']);
    if (expressions.length + fields.length === 0) return false;
    const name = { 'metadata.name': textAt(node, 'metadata', 'name') };
    return expressions.every((one) => isMet(one, labels)) && fields.every((one) => isMet(one, name));
  });
}

export function labelsOf(object: JsonObject): Labels {
  const metadata = object['metadata'];
  return typeof metadata === 'object' && metadata !== null && 'labels' in metadata ? textMapOf(metadata.labels) : {};
}

function isMet(requirement: JsonObject, labels: Labels): boolean {
  const operator = textOf(requirement['operator']);
  const values = textsOf(requirement['values']);
  const value = labelOf(labels, textOf(requirement['key']));
  if (operator === 'Gt' || operator === 'Lt') return compares(operator, value, values[0]);
  return meetsRequirement(operator, values, value) ?? true;
}

/** Only whole numbers are compared; anything else is no match. */
function compares(operator: 'Gt' | 'Lt', value: string | undefined, limit: string | undefined): boolean {
  const [have, bound] = [value, limit].map((text) => numberOf(text === undefined ? undefined : Number(text)));
  if (have === undefined || bound === undefined) return false;
  return operator === 'Gt' ? have > bound : have < bound;
}

function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
