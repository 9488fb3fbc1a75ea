import { duration } from '#core/live/durations.ts';
import type { DataCluster } from '#core/live/model.ts';
import type { LiveBudget, LiveClaim, LiveCustom, LiveEvent, LiveService, LiveWorkload } from '#core/live/objects.ts';
import { counted } from '#core/live/plainText.ts';
import { listAt, textAt } from '#core/live/reading.ts';
import type { ObjectTarget } from '#core/live/target.ts';
import { levelIcon } from '#core/live/tree/appearance.ts';
import { rowIds } from '#core/live/tree/ids.ts';
import { leaf, type ContextScope, type TreeNode } from '#core/live/tree/node.ts';
import { builtInTarget, customTarget, describeKind, workloadTarget } from '#core/live/tree/references.ts';
import type { RowIcon, RowKind } from '#core/live/tree/row.ts';
import type { DefinitionView } from '#core/live/view.ts';

/** What rows inside a group of a data cluster are drawn from. */
export interface GroupScope {
  readonly scope: ContextScope;
  /** Id of the group. */
  readonly parent: string;
  readonly cluster: DataCluster;
  readonly definitions: readonly DefinitionView[];
}

export function workloadNode(scope: GroupScope, workload: LiveWorkload): TreeNode {
  const { kind, readyReplicas, replicas, updatedReplicas, updateStrategy } = workload;
  const isUpdating = updatedReplicas < replicas;
  return objectNode(scope, 'workload', workloadTarget(scope.scope.name, workload), {
    description: [
      kind,
      `${readyReplicas} of ${replicas} ready`,
      isUpdating ? `${updatedReplicas} of ${replicas} of the newest revision` : '',
    ],
    tooltip: [updateStrategy === '' ? '' : `Update strategy ${updateStrategy}`],
    icon: readyReplicas < replicas ? levelIcon('working') : { id: 'server-process' },
  });
}

export function claimNode(scope: GroupScope, { meta, phase, size, storageClass, volume }: LiveClaim): TreeNode {
  return objectNode(scope, 'claim', builtInTarget(scope.scope.name, 'PersistentVolumeClaim', meta), {
    description: [phase, size, storageClass],
    tooltip: [volume === '' ? '' : `Volume ${volume}`],
    icon: claimIcons[phase] ?? { id: 'archive' },
  });
}

const claimIcons: Readonly<Record<string, RowIcon>> = { Pending: levelIcon('working'), Lost: levelIcon('unhealthy') };

export function serviceNode(scope: GroupScope, { meta, type, clusterIp, ports }: LiveService): TreeNode {
  const isHeadless = clusterIp === 'None';
  return objectNode(scope, 'service', builtInTarget(scope.scope.name, 'Service', meta), {
    description: [isHeadless ? 'headless' : type, ports.map(({ port }) => port).join(', ')],
    tooltip: ports.map(({ name, port }) => `Port ${port} ${name}`),
    icon: { id: 'plug' },
  });
}

export function budgetNode(scope: GroupScope, budget: LiveBudget): TreeNode {
  const { meta, minAvailable, maxUnavailable, disruptionsAllowed, currentHealthy, desiredHealthy } = budget;
  return objectNode(scope, 'budget', builtInTarget(scope.scope.name, 'PodDisruptionBudget', meta), {
    description: [
      `allows ${counted(disruptionsAllowed, 'disruption')} now`,
      minAvailable === '' ? '' : `at least ${minAvailable} available`,
      maxUnavailable === '' ? '' : `at most ${maxUnavailable} unavailable`,
    ],
    tooltip: [`${currentHealthy} healthy, ${desiredHealthy} wanted`],
    icon: { id: 'shield' },
  });
}

export function customNode(scope: GroupScope, custom: LiveCustom): TreeNode {
  const { status, reason } = readiness(custom);
  return objectNode(scope, 'custom', customTarget(scope.scope.name, custom, scope.definitions), {
    description: [readinessWords[status] ?? '', status === 'True' ? '' : reason],
    icon: status === 'False' ? levelIcon('warning') : { id: 'symbol-class' },
  });
}

const readinessWords: Readonly<Record<string, string>> = {
  True: 'ready',
  False: 'not ready',
  Unknown: 'readiness not known',
};

/** The condition that nearly every operator writes; empty texts where there is none. */
function readiness({ status }: LiveCustom): { readonly status: string; readonly reason: string } {
  const ready = listAt(status, 'conditions').find((condition) => textAt(condition, 'type') === 'Ready');
  return { status: textAt(ready, 'status'), reason: textAt(ready, 'reason') };
}

/** Known by its name only: nobody reads what is in it. */
export function nameNode(scope: GroupScope, kind: 'ConfigMap' | 'Secret', name: string): TreeNode {
  const { namespace } = scope.cluster;
  return objectNode(
    scope,
    kind === 'Secret' ? 'secret' : 'configMap',
    builtInTarget(scope.scope.name, kind, { namespace, name }),
    { description: [kind], icon: { id: kind === 'Secret' ? 'key' : 'file' } },
  );
}

export function eventNode({ scope, parent, cluster }: GroupScope, event: LiveEvent): TreeNode {
  const { about, at, count, message, meta, reason, type } = event;
  const isWarning = type === 'Warning';
  return leaf({
    id: rowIds.object(parent, 'Event', meta.uid === '' ? meta.name : meta.uid),
    parent,
    kind: 'event',
    flags: scope.flags,
    label: reason,
    description: [
      at === undefined ? '' : `${ageOfEvent(scope.input.now - at)} ago`,
      count > 1 ? `${count} times` : '',
      `${about.kind} ${about.name}`,
    ],
    sentence: message,
    tooltip: [reason, message, `${about.kind} ${about.name}`],
    icon: isWarning ? levelIcon('warning') : { id: 'info' },
    role: isWarning ? 'Warning event' : 'Event',
    target: { kind: 'none', context: scope.name, key: cluster.key },
  });
}

function ageOfEvent(milliseconds: number): string {
  return milliseconds < 120_000 ? 'under 2 min' : duration(milliseconds);
}

interface ObjectLook {
  readonly description: readonly string[];
  readonly tooltip?: readonly string[];
  readonly icon: RowIcon;
}

function objectNode(
  { scope, parent }: GroupScope,
  kind: RowKind,
  target: ObjectTarget,
  { description, tooltip = [], icon }: ObjectLook,
): TreeNode {
  const { address, apiKind } = target;
  const where = address.namespace === '' ? '' : `Namespace ${address.namespace}`;
  return leaf({
    id: rowIds.object(parent, apiKind, address.name),
    parent,
    kind,
    flags: scope.flags,
    label: address.name,
    description,
    tooltip: [`${describeKind(target)} ${address.name}`, where, ...tooltip],
    icon,
    role: apiKind,
    target,
  });
}
