import { covers, replicasOf, selectorOf } from '#core/workspace/budgets.ts';
import type { WorkspaceRule } from '#core/lint/rules/rule.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import type { IndexedObject } from '#core/workspace/fileFacts.ts';
import type { WorkspaceView } from '#core/workspace/view.ts';

export const blocksEveryEviction: WorkspaceRule = {
  id: 'PDB02',
  title: 'A disruption budget lets no pod be evicted',
  severity: 'warning',
  source: 'Kubernetes 1.34 disruption controller (disruptionsAllowed) and eviction subresource',
  fixable: false,
  refusedBy: 'nobody',
  why: `A budget that allows no disruption at all holds up every drain of a node: \`kubectl drain\` and the upgrade of a node pool wait for it until
somebody deletes it, and then nothing protects the data. Let one pod be away.`,
  subject: 'workspace',
  kinds: ['policy/PodDisruptionBudget'],
  check: (object, workspace, report) => {
    const selector = selectorOf(workspace.self);
    if (!selector) return;
    const covered = workspace.workloadsInScope().filter((workload) => covers(selector, workload) === true);
    const [first] = covered;
    if (!first) return;
    const found = findBlock(object.spec, covered, workspace);
    if (!found) return;
    report({
      at: found.at,
      cause: 'invalid',
      message: `${found.reason}, so none can be evicted and every drain of a node waits. Let one be away: maxUnavailable: 1.`,
      related: covered.map((workload) => ({ object: workload, message: `${workload.kind} ${workload.name}` })),
    });
  },
};

interface Block {
  readonly at: NodeView;
  readonly reason: string;
}

function findBlock(spec: NodeView, covered: readonly IndexedObject[], workspace: WorkspaceView): Block | undefined {
  const [most, least] = [spec.field('maxUnavailable'), spec.field('minAvailable')];
  if (most.integer === 0 || most.text === '0%') return { at: most, reason: 'No pod may be unavailable' };
  if (least.text === '100%') return { at: least, reason: 'All pods must be available' };
  const counts = covered.map((workload) => replicasOf(workload, workspace));
  const wanted = least.integer;
  if (wanted === undefined || wanted === 0 || counts.includes(undefined)) return undefined;
  const pods = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  if (pods === 0 || wanted < pods) return undefined;
  const there = pods === 1 ? 'there is one' : `there are ${pods}`;
  return { at: least, reason: `${wanted === 1 ? 'One pod' : `${wanted} pods`} must be available and ${there}` };
}
