import { isSetAt, listAt, numberOf, objectAt, objectsOf, textAt, textMapOf, textOf, valueAt } from '#core/json.ts';
import type { JsonObject } from '#core/live/ports.ts';
import { labelsOf, selectorMeans, termsMean } from '#core/operations/nodeDrain/labels.ts';

/**
 * Why a node would not take a pod, as far as node and pod say so themselves; undefined when nothing speaks against it. What the scheduler
 * asks beyond that (affinity to other pods, spread constraints, devices, how many volumes a node takes) is not foretold.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction
 */
export function refusalOf(node: JsonObject, pod: JsonObject): string | undefined {
  return refusals.find(({ applies }) => applies(node, pod))?.text;
}

interface Refusal {
  readonly text: string;
  readonly applies: (node: JsonObject, pod: JsonObject) => boolean;
}

const refusals: readonly Refusal[] = [
  { text: 'not ready', applies: (node) => !isReady(node) },
  {
    text: 'cordoned',
    applies: (node, pod) => isSetAt(node, 'spec', 'unschedulable') && !toleratesAll(pod, [CORDONED]),
  },
  { text: 'tainted', applies: (node, pod) => !toleratesAll(pod, repellingTaints(node)) },
  { text: 'without the labels that the pod wants', applies: (node, pod) => !isSelected(node, pod) },
];

function isReady(node: JsonObject): boolean {
  const conditions = objectsOf(valueAt(node, 'status', 'conditions'));
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** The taint that stands for a cordon. */
const CORDONED: JsonObject = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

function repellingTaints(node: JsonObject): readonly JsonObject[] {
  const taints = objectsOf(listAt(node, 'spec', 'taints'));
  return taints.filter(({ key, effect }) => effect !== 'PreferNoSchedule' && key !== CORDONED['key']);
}

function toleratesAll(pod: JsonObject, taints: readonly JsonObject[]): boolean {
  const tolerations = objectsOf(listAt(pod, 'spec', 'tolerations'));
  return taints.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)));
}

function tolerates(toleration: JsonObject, taint: JsonObject): boolean {
  const [key, effect] = [textOf(toleration['key']), textOf(toleration['effect'])];
  if (effect !== '' && effect !== taint['effect']) return false;
  const exists = toleration['operator'] === 'Exists';
  if (key === '') return exists;
  return key === taint['key'] && (exists || textOf(toleration['value']) === textOf(taint['value']));
}

function isSelected(node: JsonObject, pod: JsonObject): boolean {
  const labels = labelsOf(node);
  const wanted = Object.entries(textMapOf(valueAt(pod, 'spec', 'nodeSelector')));
  const required = valueAt(pod, 'spec', 'affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  const terms = objectsOf(valueAt(required, 'nodeSelectorTerms'));
  return wanted.every(([key, value]) => labels[key] === value) && (required === undefined || termsMean(terms, node));
}

/** Whether a required anti-affinity of a pod keeps it away from a node, because of pods that run in the same domain. */
export function isRepelled(pod: JsonObject, node: JsonObject, neighbours: readonly Neighbour[]): boolean {
  return antiAffinityOf(pod).some(({ topologyKey, selector, namespaces }) => {
    const domain = labelsOf(node)[topologyKey];
    if (domain === undefined) return false;
    return neighbours.some(
      ({ raw, node: where }) =>
        labelsOf(where)[topologyKey] === domain &&
        namespaces.includes(textAt(raw, 'metadata', 'namespace')) &&
        selectorMeans(selector, labelsOf(raw)),
    );
  });
}

/** A pod and the node it is on. */
export interface Neighbour {
  readonly raw: JsonObject;
  readonly node: JsonObject;
}

interface AntiAffinity {
  readonly topologyKey: string;
  readonly selector: JsonObject;
  readonly namespaces: readonly string[];
}

export function antiAffinityOf(pod: JsonObject): readonly AntiAffinity[] {
  const path = ['spec', 'affinity', 'podAntiAffinity', 'requiredDuringSchedulingIgnoredDuringExecution'];
  return objectsOf(listAt(pod, ...path)).map((term) => {
    const named = listAt(term, 'namespaces').map(textOf);
    return {
      topologyKey: textAt(term, 'topologyKey'),
      selector: objectAt(term, 'labelSelector'),
      namespaces: named.length > 0 ? named : [textAt(pod, 'metadata', 'namespace')],
    };
  });
}

export function maxPodsOf(node: JsonObject): number {
  return numberOf(Number(textAt(node, 'status', 'allocatable', 'pods') || '110')) ?? 110;
}
