import { compareMinors } from '#core/kubernetes/versions.ts';
import type { Finding } from '#core/lint/finding.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import { viewPod, type PodView } from '#core/lint/rules/pods.ts';
import type { Rule, RuleHit } from '#core/lint/rules/rule.ts';

/** Runs the rules over one object; the order of the findings is that of the rules. */
export function runRules(rules: readonly Rule[], object: ObjectView, report: (finding: Finding) => void): void {
  const pod = viewPod(object);
  for (const rule of rules) {
    if (!holds(rule, object)) continue;
    const hit = (found: RuleHit): void => report(toFinding(rule, found, rule.subject === 'pod' ? pod : undefined));
    if (rule.subject === 'pod') {
      if (pod) rule.check(pod, hit);
    } else if (rule.kinds?.includes(object.groupKind) ?? true) rule.check(object, hit);
  }
}

function holds({ since, until }: Rule, { kubernetesVersion }: ObjectView): boolean {
  if (since !== undefined && compareMinors(kubernetesVersion, since) < 0) return false;
  return until === undefined || compareMinors(kubernetesVersion, until) <= 0;
}

function toFinding(rule: Rule, hit: RuleHit, pod: PodView | undefined): Finding {
  const related = hit.related?.map(({ at, message }) => ({ range: at.range, message }));
  return {
    code: rule.id,
    severity: hit.severity ?? rule.severity,
    message: [hit.message, consequence(rule, hit, pod)].filter(Boolean).join(' '),
    path: hit.path ?? hit.at.path,
    range: hit.at.range,
    cause: hit.cause,
    ...(related ? { related } : {}),
    ...(hit.fixes ? { fixes: hit.fixes } : {}),
    ...(rule.since === undefined ? {} : { since: rule.since }),
    ...(rule.until === undefined ? {} : { until: rule.until }),
  };
}

/** Who refuses it and when. */
function consequence(rule: Rule, hit: RuleHit, pod: PodView | undefined): string {
  if (rule.refusedBy === 'nobody' || (hit.severity ?? rule.severity) !== 'error') return '';
  if (pod && !pod.isValidatedAtOnce) {
    return `The API server of ${pod.object.kubernetesVersion} accepts the ${pod.object.kind.kind} and then refuses its pods, so none ever starts.`;
  }
  return 'The API server refuses the object.';
}
