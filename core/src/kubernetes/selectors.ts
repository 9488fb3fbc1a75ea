import { meetsRequirement } from '#core/kubernetes/labelRequirement.ts';
import type { NodeView } from '#core/lint/rules/view.ts';

type Labels = ReadonlyMap<string, string>;

/**
 * Whether a label selector (`matchLabels`, `matchExpressions`) matches a set of labels; undefined when that cannot be told, because
 * a part of either is not known yet. Source: k8s.io/apimachinery pkg/labels.
 */
export function selectorMatches(selector: NodeView, labels: NodeView): boolean | undefined {
  if (selector.isOpen || labels.isOpen) return undefined;
  const has = readLabels(labels);
  const wanted = readLabels(selector.field('matchLabels'));
  if (!has || !wanted) return undefined;
  const verdicts = [
    ...[...wanted].map(([key, value]) => has.get(key) === value),
    ...selector.field('matchExpressions').items.map((requirement) => requirementMatches(requirement, has)),
  ];
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

/** All labels of a map of strings; undefined when one of them is not known. */
function readLabels(labels: NodeView): Labels | undefined {
  const { textEntries } = labels;
  return textEntries.length === labels.fields.length ? new Map(textEntries) : undefined;
}

function requirementMatches(requirement: NodeView, labels: Labels): boolean | undefined {
  const key = requirement.field('key').text;
  const values = requirement.field('values').items.map(({ text }) => text);
  if (key === undefined || values.includes(undefined)) return undefined;
  return meetsRequirement(requirement.field('operator').text, values, labels.get(key));
}
