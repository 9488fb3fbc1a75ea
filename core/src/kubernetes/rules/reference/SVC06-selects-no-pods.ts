import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import type { LabelSet } from '#core/workspace/facts.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import { isEmpty, selects } from '#core/workspace/labels.ts';
import { WORKLOAD_KINDS, type WorkspaceView } from '#core/workspace/view.ts';

export const selectsNoPods: WorkspaceRule = {
  id: 'SVC06',
  title: 'A Service selects no pods although workloads are there',
  severity: 'warning',
  source: 'EndpointSlice controller of Kubernetes 1.34 (pods whose labels match the whole selector)',
  fixable: false,
  refusedBy: 'nobody',
  why: `A Service whose selector matches no pod is accepted, has an address, and leads nowhere: clients wait for a timeout. It is reported when the
labels it asks for are used in the same file or kustomization, but never all of them together with these values.`,
  subject: 'workspace',
  kinds: ['/Service'],
  check: (object, workspace, report) => {
    const selector = workspace.self.labelSets.find(({ role }) => role === 'selector');
    if (!selector || isEmpty(selector) || !selector.isWhole) return;
    const near = workspace.workloadsInScope().flatMap((workload) => nearest(selector, workload) ?? []);
    const [first] = near;
    if (!first || !isCertain(workspace) || mayBeSelected(selector, workspace)) return;
    const { key, wanted, has, workload } = first;
    report({
      at: object.spec.field('selector'),
      cause: 'invalid',
      message: `No pod has all labels of this selector: it asks for ${key}: ${wanted}, and the pods of the ${workload.kind} ${workload.name} have ${key}: ${has}.`,
      related: near.map((each) => ({ object: each.workload, message: `${each.workload.kind} ${each.workload.name}` })),
    });
  },
};

interface NearMiss {
  readonly workload: IndexedObject;
  readonly key: string;
  readonly wanted: string;
  readonly has: string;
}

/** A workload that has every label the selector asks for, one of them with another value. */
function nearest(selector: LabelSet, workload: IndexedObject): NearMiss | undefined {
  const [labels] = podLabelsOf(workload);
  if (!labels) return undefined;
  const has = new Map(labels.entries.map(({ key, value }) => [key, value]));
  if (!selector.entries.every(({ key }) => has.has(key))) return undefined;
  const wrong = selector.entries.filter(({ key, value }) => has.get(key) !== value);
  const [entry] = wrong;
  // With all values different it is about other pods, which somebody else makes.
  if (!entry || (wrong.length === selector.entries.length && wrong.length > 1)) return undefined;
  return { workload, key: entry.key, wanted: entry.value, has: has.get(entry.key) ?? '' };
}

function mayBeSelected(selector: LabelSet, workspace: WorkspaceView): boolean {
  const workloads = WORKLOAD_KINDS.flatMap((kind) => workspace.ofKind(kind));
  return workloads.flatMap(podLabelsOf).some((labels) => selects(selector, labels) !== false);
}

function isCertain(workspace: WorkspaceView): boolean {
  const { isWhole, isPatched } = workspace.scope;
  return isWhole && !isPatched && WORKLOAD_KINDS.every((kind) => workspace.isCertain(kind));
}

function podLabelsOf({ labelSets }: IndexedObject): readonly LabelSet[] {
  return labelSets.filter(({ role }) => role === 'pods');
}
