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
  const fixes = hit.fixes ?? (hit.offersToAdd ? (): readonly Fix[] => additionOf(hit, object) : undefined);
  return {
    code: rule.id,
    severity: hit.severity ?? rule.severity,
    message: [hit.message, hit.consequence ?? consequence(rule, hit, pod)].filter(Boolean).join(' '),
    path: hit.path ?? hit.at.path,
    ...(hit.path === undefined || hit.path === hit.at.path ? {} : { place: hit.at.path }),
    range: hit.range ?? hit.at.range,
    cause: hit.cause,
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
function consequence(rule: Rule, hit: RuleHit, pod: PodView | undefined): string {
  if (rule.refusedBy === 'nobody' || (hit.severity ?? rule.severity) !== 'error') return '';
  if (pod && !pod.isValidatedAtOnce) {
    return `The API server of ${pod.object.kubernetesVersion} accepts the ${pod.object.kind.kind} and then refuses its pods, so none ever starts.`;
  }
  return 'The API server refuses the object.';
}
