import { compareMinors } from '#core/kubernetes/versions.ts';
import type { Finding, Fix } from '#core/lint/finding.ts';
import { insertEntry } from '#core/lint/fixes/insertEntry.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import { viewPod, type PodView } from '#core/lint/rules/pods.ts';
import type { ObjectRule, Rule, RuleHit } from '#core/lint/rules/rule.ts';

/** Runs the rules over one object; the order of the findings is that of the rules. */
export function runRules(rules: readonly Rule[], object: ObjectView, report: (finding: Finding) => void): void {
  const pod = object.isVersionKnown ? viewPod(object) : undefined;
  for (const rule of rules) {
    if (!holds(rule, object)) continue;
    const hit = (found: RuleHit): void =>
      report(toFinding(rule, found, { object, pod: rule.subject === 'pod' ? pod : undefined }));
    if (rule.subject === 'pod') {
      if (pod) rule.check(pod, hit);
    } else if (concerns(rule, object)) rule.check(object, hit);
  }
}

function concerns({ kinds, anyVersion }: ObjectRule, { groupKind, isVersionKnown }: ObjectView): boolean {
  return (isVersionKnown || anyVersion === true) && (kinds?.includes(groupKind) ?? true);
}

function holds({ since, until }: Rule, { kubernetesVersion }: ObjectView): boolean {
  if (since !== undefined && compareMinors(kubernetesVersion, since) < 0) return false;
  return until === undefined || compareMinors(kubernetesVersion, until) <= 0;
}

interface Subject {
  readonly object: ObjectView;
  readonly pod: PodView | undefined;
}

function toFinding(rule: Rule, hit: RuleHit, { object, pod }: Subject): Finding {
  const related = hit.related?.map(({ at, message }) => ({ range: at.range, message }));
  const isRefused = rule.refusedBy === 'server' && (hit.severity ?? rule.severity) === 'error';
  const refused = hit.refused ?? (pod?.isValidatedAtOnce === false ? 'later' : 'atOnce');
  const fixes = hit.fixes ?? (hit.offersToAdd ? (): readonly Fix[] => additionOf(hit, object) : undefined);
  return {
    code: rule.id,
    severity: hit.severity ?? rule.severity,
    message: isRefused ? `${hit.message} ${consequence(refused, object)}` : hit.message,
    path: hit.path ?? hit.at.path,
    ...(hit.path === undefined || hit.path === hit.at.path ? {} : { place: hit.at.path }),
    range: hit.range ?? hit.at.range,
    cause: hit.cause,
    ...(isRefused ? { refused } : {}),
    ...(related ? { related } : {}),
    ...(fixes ? { fixes } : {}),
    ...(rule.since === undefined ? {} : { since: rule.since }),
    ...(rule.until === undefined ? {} : { until: rule.until }),
  };
}

function additionOf({ at }: RuleHit, { text }: ObjectView): readonly Fix[] {
  const map = at.parent?.content;
  return map?.kind === 'map' && typeof at.step === 'string' ? insertEntry(text, map, at.step, at.schema) : [];
}

/** Who refuses it and when. */
function consequence(refused: 'atOnce' | 'later', { kind, kubernetesVersion }: ObjectView): string {
  if (refused === 'atOnce') return 'The API server refuses the object.';
  return `The API server of ${kubernetesVersion} accepts the ${kind.kind} and then refuses what it makes, so none of its pods ever starts.`;
}
