import { compareMinors } from '#core/kubernetes/versions.ts';
import type { Finding, Fix, RelatedPlace } from '#core/lint/finding.ts';
import { insertEntry } from '#core/lint/fixes/insertEntry.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import { viewPod, type PodView } from '#core/lint/rules/pods.ts';
import type { ObjectRule, RelatedNode, RelatedObject, Rule, RuleHit, WorkspaceRule } from '#core/lint/rules/rule.ts';
import type { LinePosition } from '#core/text/lines.ts';
import { shiftRange } from '#core/text/range.ts';
import type { WorkspaceView } from '#core/workspace/view.ts';

/** Runs the rules over one object; the order of the findings is that of the rules. */
export function runRules(rules: readonly Rule[], object: ObjectView, report: (finding: Finding) => void): void {
  const pod = object.isVersionKnown ? viewPod(object) : undefined;
  for (const rule of rules) {
    if (rule.subject === 'workspace' || !holds(rule, object)) continue;
    const hit = (found: RuleHit): void =>
      report(toFinding(rule, found, { object, pod: rule.subject === 'pod' ? pod : undefined }));
    if (rule.subject === 'pod') {
      if (pod) rule.check(pod, hit);
    } else if (concerns(rule, object)) rule.check(object, hit);
  }
}

/** Runs the rules about an object among others. */
export function runWorkspaceRules(
  rules: readonly WorkspaceRule[],
  object: ObjectView,
  workspace: WorkspaceView,
  report: (finding: Finding) => void,
): void {
  for (const rule of rules) {
    if (!holds(rule, object) || !(rule.kinds?.includes(object.groupKind) ?? true)) continue;
    rule.check(object, workspace, (found) => report(toFinding(rule, found, { object, pod: undefined })));
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
  const related = hit.related?.map(toRelatedPlace);
  const isRefused = rule.refusedBy === 'server' && (hit.severity ?? rule.severity) === 'error';
  const refused = hit.refused ?? (pod?.isValidatedAtOnce === false ? 'later' : 'atOnce');
  const fixes = hit.fixes ?? (hit.offersToAdd ? (): readonly Fix[] => additionOf(hit, object) : undefined);
  return {
    code: rule.id,
    severity: hit.severity ?? rule.severity,
    message: isRefused ? `${hit.message} ${describeRefusal(refused, object)}` : hit.message,
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

/** Places of other documents count as places of another file, also when it is the same one: they are not relative to this document. */
function toRelatedPlace(related: RelatedNode | RelatedObject): RelatedPlace {
  if ('at' in related) return { range: related.at.range, message: related.message };
  const { object, message } = related;
  const { range, lines } = related.place ?? object.namePlace;
  const shift = (position: LinePosition): LinePosition => ({ ...position, line: position.line + object.line });
  return {
    message,
    file: object.uri,
    range: shiftRange(range, object.offset),
    lines: { start: shift(lines.start), end: shift(lines.end) },
  };
}

function additionOf({ at }: RuleHit, { text }: ObjectView): readonly Fix[] {
  const map = at.parent?.content;
  return map?.kind === 'map' && typeof at.step === 'string' ? insertEntry(text, map, at.step, at.schema) : [];
}

/** Who refuses it and when, in a sentence. */
export function describeRefusal(
  refused: 'atOnce' | 'later',
  { kind, kubernetesVersion }: Pick<ObjectView, 'kind' | 'kubernetesVersion'>,
): string {
  if (refused === 'atOnce') return 'The API server refuses the object.';
  return `The API server of ${kubernetesVersion} accepts the ${kind.kind} and then refuses what it makes, so none of its pods ever starts.`;
}
