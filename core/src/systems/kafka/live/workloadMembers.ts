import type { LiveMember } from '#core/live/model.ts';
import type { LiveContainer, LivePod, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { parseDigits } from '#core/systems/kafka/live/json.ts';
import {
  kafkaContainer,
  nodeIdOf,
  rackOf,
  statefulMembers,
  versionOfImage,
  workloadRole,
} from '#core/systems/kafka/live/node.ts';
import { podsOfWorkload } from '#core/systems/kafka/live/workloadPods.ts';

/** The members a workload runs; for a StatefulSet with the places of missing pods, whose names are known. */
export function membersOfWorkload(workload: LiveWorkload, objects: NamespaceObjects): readonly LiveMember[] {
  const { containers, templateLabels, kind } = workload;
  const make = (name: string, pod: LivePod | undefined): LiveMember =>
    makeWorkloadMember(
      name,
      pod,
      pod?.containers ?? containers,
      pod?.meta.labels ?? templateLabels,
      kind === 'StatefulSet',
    );
  const pods = podsOfWorkload(workload, objects);
  if (kind === 'StatefulSet') return statefulMembers(workload, pods, make);
  return pods.map((pod) => make(pod.meta.name, pod));
}

export function makeWorkloadMember(
  name: string,
  pod: LivePod | undefined,
  containers: readonly LiveContainer[],
  labels: Readonly<Record<string, string>>,
  isOfStatefulSet: boolean,
): LiveMember {
  const container = kafkaContainer(containers);
  const labelled = parseDigits(labels['brokerId'] ?? labels['kafka.broker.id']);
  return {
    name,
    role: workloadRole(container, labels),
    pod,
    index: labelled ?? nodeIdOf(container, name, isOfStatefulSet),
    rack: rackOf(container),
    group: '',
    container: container?.name ?? '',
    version: versionOfImage(container?.image ?? ''),
  };
}
