import * as vscode from 'vscode';
import type { LiveAccess } from '#client/actions/deps.ts';
import { UserProblem } from '#client/ui/problem.ts';
import { inPick } from '#client/ui/untrusted.ts';
import { mainObjectOf, memberPod } from '#core/live/clusterObject.ts';
import { listAt, textAt } from '#core/live/reading.ts';
import type { Cluster } from '#core/live/ports.ts';
import {
  objectOf,
  podOf,
  readTarget,
  type DataClusterTarget,
  type LiveTarget,
  type ObjectTarget,
  type PodTarget,
} from '#core/live/target.ts';
import type { JudgedCluster } from '#core/live/view.ts';

/** The target a command was called on. @throws UserProblem when it was called on nothing */
export function requireTarget(argument: unknown): LiveTarget {
  const target = readTarget(argument);
  if (target) return target;
  throw new UserProblem(
    'This acts on an object of a live cluster.',
    'Use the menu of a row in the Data Clusters view.',
  );
}

/** The data cluster of a target as it is watched now. @throws UserProblem when it is not */
export function requireCluster(access: LiveAccess, target: DataClusterTarget): JudgedCluster {
  const found = access.viewOf(target.context)?.clusters.find(({ cluster }) => cluster.key === target.key);
  if (found) return found;
  throw new UserProblem(
    'This data cluster is no longer there.',
    'Connect the context in the Data Clusters view and look again.',
  );
}

/** The one object a target is about: a data cluster is its custom resource or its workload. */
export function requireObject(access: LiveAccess, target: LiveTarget): ObjectTarget {
  const object =
    target.kind === 'dataCluster'
      ? mainObjectOf(
          target.context,
          requireCluster(access, target).cluster,
          access.viewOf(target.context)?.definitions ?? [],
        )
      : (objectOf(target) ?? contextObject(target));
  if (object) return object;
  throw new UserProblem('There is no object behind this row.', 'Choose one of the rows below it.');
}

function contextObject(target: LiveTarget): ObjectTarget | undefined {
  if (target.kind !== 'namespace') return undefined;
  const address = {
    group: '',
    version: 'v1',
    plural: 'namespaces',
    namespaced: false,
    namespace: '',
    name: target.namespace,
  };
  return { kind: 'object', context: target.context, apiKind: 'Namespace', address };
}

/** The pod a target is, or a member of the data cluster that the user chooses. Undefined when nothing is chosen. */
export async function choosePod(access: LiveAccess, target: LiveTarget): Promise<PodTarget | undefined> {
  const own = podOf(target);
  if (own) return own;
  if (target.kind !== 'dataCluster') throw new UserProblem('This row is no pod.', 'Choose a member of a data cluster.');
  const { members, cluster } = requireCluster(access, target);
  const items = members.flatMap(({ member, health }) => {
    const pod = memberPod(target.context, member);
    return pod ? [{ label: inPick(member.name), description: member.role, detail: inPick(health.sentence), pod }] : [];
  });
  if (items.length <= 1) return items[0]?.pod;
  const picked = await vscode.window.showQuickPick(items, { placeHolder: `Member of ${inPick(cluster.name)}` });
  return picked?.pod;
}

/** The container meant, or the one the user chooses. Undefined when nothing is chosen. */
export async function chooseContainer(cluster: Cluster, pod: PodTarget): Promise<string | undefined> {
  if (pod.container !== undefined) return pod.container;
  const object = await cluster.get(addressOfPod(pod));
  const names = listAt(object, 'spec', 'containers').map((container) => textAt(container, 'name'));
  if (names.length <= 1) return names[0];
  return vscode.window.showQuickPick(names, { placeHolder: `Container of ${inPick(pod.name)}` });
}

export function addressOfPod({ namespace, name }: PodTarget): ObjectTarget['address'] {
  return { group: '', version: 'v1', plural: 'pods', namespaced: true, namespace, name };
}
