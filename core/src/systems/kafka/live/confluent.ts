import type { LiveMember } from '#core/live/model.ts';
import type { LiveCustom, LivePod, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { integerAt, textAt } from '#core/systems/kafka/live/json.ts';
import {
  kafkaContainer,
  ordinalOf,
  rackOfNode,
  statefulMembers,
  versionOfImage,
  type Role,
} from '#core/systems/kafka/live/node.ts';
import { isOwnedBy, type ClusterParts } from '#core/systems/kafka/live/parts.ts';
import { podsOfWorkload } from '#core/systems/kafka/live/workloadPods.ts';

const GROUP = 'platform.confluent.io';

/** Clusters of Confluent for Kubernetes: a Kafka resource with the controllers it depends on. */
export function gatherConfluent(objects: NamespaceObjects): readonly ClusterParts[] {
  const customs = objects.customs.filter(({ group }) => group === GROUP);
  const kafkas = customs.filter(({ customKind }) => customKind === 'Kafka');
  const controllers = customs.filter(({ customKind }) => customKind === 'KRaftController');
  const used = new Set<LiveCustom>();
  const clusters = kafkas.map((kafka) => {
    const own = controllers.filter((controller) => dependsOn(kafka, controller, controllers));
    for (const controller of own) used.add(controller);
    return describe(kafka, own, customs, objects);
  });
  const alone = controllers.filter((controller) => !used.has(controller));
  return [...clusters, ...alone.map((controller) => describe(controller, [], customs, objects))];
}

/** `dependencies.kRaftController.clusterRef`; without a namespace it means the own one. */
function dependsOn(kafka: LiveCustom, controller: LiveCustom, all: readonly LiveCustom[]): boolean {
  const name = textAt(kafka.spec, 'dependencies', 'kRaftController', 'clusterRef', 'name');
  const namespace = textAt(kafka.spec, 'dependencies', 'kRaftController', 'clusterRef', 'namespace');
  if (name === '' || (namespace !== '' && namespace !== kafka.meta.namespace)) return false;
  return all.length > 0 && controller.meta.name === name;
}

function describe(
  main: LiveCustom,
  controllers: readonly LiveCustom[],
  customs: readonly LiveCustom[],
  objects: NamespaceObjects,
): ClusterParts {
  const resources = [main, ...controllers];
  const perResource = resources.map((resource) => {
    const workloads = objects.workloads.filter((workload) => isWorkloadOf(workload, resource));
    return { workloads, members: membersOf(resource, workloads, objects) };
  });
  const members = perResource.flatMap(({ members: own }) => own);
  return {
    flavour: 'confluent-for-kubernetes',
    name: main.meta.name,
    resource: main,
    made: main.meta,
    members,
    wanted: sum(resources.map(({ spec }) => integerAt(spec, 'replicas'))),
    version: versionOfImage(textAt(main.spec, 'image', 'application')) || (members[0]?.version ?? ''),
    workloads: perResource.flatMap(({ workloads }) => workloads),
    customs: [...controllers, ...customs.filter((custom) => isAbout(custom, main))],
  };
}

function isWorkloadOf({ kind, meta }: LiveWorkload, { customKind, meta: owner }: LiveCustom): boolean {
  return kind === 'StatefulSet' && isOwnedBy(meta, { kind: customKind, name: owner.name, uid: owner.uid });
}

function membersOf(
  resource: LiveCustom,
  workloads: readonly LiveWorkload[],
  objects: NamespaceObjects,
): readonly LiveMember[] {
  const role: Role = resource.customKind === 'Kafka' ? 'broker' : 'controller';
  const make = (name: string, pod: LivePod | undefined): LiveMember => makeMember(resource, role, name, pod, objects);
  return workloads.flatMap((workload) => statefulMembers(workload, podsOfWorkload(workload, objects), make));
}

function makeMember(
  resource: LiveCustom,
  role: Role,
  name: string,
  pod: LivePod | undefined,
  objects: NamespaceObjects,
): LiveMember {
  const container = pod && kafkaContainer(pod.containers);
  return {
    name,
    role,
    pod,
    index: role === 'broker' ? brokerId(resource, name) : undefined,
    rack: rackOfNode(pod, textAt(resource.spec, 'rackAssignment', 'nodeLabels'), objects),
    group: resource.customKind === 'Kafka' ? '' : resource.meta.name,
    container: container?.name ?? (role === 'broker' ? 'kafka' : 'kraftcontroller'),
    version: container ? versionOfImage(container.image) : '',
  };
}

/** The operator numbers brokers by ordinal, from an offset on that it keeps in the status. */
function brokerId({ meta, status }: LiveCustom, name: string): number | undefined {
  const ordinal = ordinalOf(name);
  const offset =
    integerAt(status, 'brokerIdOffset') ?? integerAt(meta.annotations, 'platform.confluent.io/broker-id-offset') ?? 0;
  return ordinal === undefined ? undefined : offset + ordinal;
}

/** A topic that names no cluster belongs to the only one of its namespace, which only the operator knows for sure. */
function isAbout({ customKind, spec }: LiveCustom, { meta }: LiveCustom): boolean {
  if (customKind === 'KafkaTopic') return textAt(spec, 'kafkaClusterRef', 'name') === meta.name;
  return (
    customKind === 'KRaftMigrationJob' && textAt(spec, 'dependencies', 'kafka', 'clusterRef', 'name') === meta.name
  );
}

function sum(numbers: readonly (number | undefined)[]): number | undefined {
  return numbers.includes(undefined) ? undefined : numbers.reduce<number>((total, number) => total + (number ?? 0), 0);
}
