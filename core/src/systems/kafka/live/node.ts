import type { LiveMember, LiveMemberRole } from '#core/live/model.ts';
import type { LiveContainer, LivePod, LiveWorkload, NamespaceObjects } from '#core/live/objects.ts';
import { parseVoters } from '#core/systems/kafka/listeners.ts';
import { parseDigits } from '#core/systems/kafka/live/json.ts';
import { brokerContainer } from '#core/systems/kafka/recognize.ts';

/** What the containers of a pod or template tell about the node of Kafka they run. */

export type Role = Extract<LiveMemberRole, 'broker' | 'controller' | 'broker and controller'>;

export function kafkaContainer(containers: readonly LiveContainer[]): LiveContainer | undefined {
  return (
    brokerContainer(containers, ({ image }) => image) ??
    containers.find(({ name }) => name === 'kafka') ??
    containers[0]
  );
}

/** A literal setting by the name of its property, whichever way the image spells its variables. */
export function settingOf(container: LiveContainer | undefined, property: string): string | undefined {
  const suffix = property.toUpperCase().replaceAll('.', '_');
  return container?.variables[`KAFKA_CFG_${suffix}`] ?? container?.variables[`KAFKA_${suffix}`];
}

/** Roles of `process.roles`; undefined when the text names neither. */
export function roleOf(roles: string | undefined): Role | undefined {
  if (roles === undefined) return undefined;
  const isBroker = /\bbroker\b/.test(roles);
  const isController = /\bcontroller\b/.test(roles);
  if (isBroker && isController) return 'broker and controller';
  return isBroker ? 'broker' : isController ? 'controller' : undefined;
}

/** Bitnami's chart keeps the roles in a file; its labels and ports tell them too. */
export function workloadRole(container: LiveContainer | undefined, labels: Readonly<Record<string, string>>): Role {
  const written = roleOf(settingOf(container, 'process.roles'));
  if (written) return written;
  const component = labels['app.kubernetes.io/component'];
  const ports = new Set(container?.ports.map(({ name }) => name));
  if (component === 'controller-eligible') return ports.has('client') ? 'broker and controller' : 'controller';
  return component === 'controller' && !ports.has('client') ? 'controller' : 'broker';
}

/**
 * Number of a node, told by its own pod: a literal variable, the list of voters, a script that adds to the ordinal. A controller must have
 * a number, and where nothing visible tells it the ordinal is what everybody takes; Kafka's own answer corrects it. Undefined where numbers
 * are made elsewhere: for brokers beside controllers, which share one space of numbers, and by ZooKeeper.
 */
export function nodeIdOf(
  container: LiveContainer | undefined,
  podName: string,
  isOfStatefulSet: boolean,
): number | undefined {
  const written = settingOf(container, 'node.id') ?? settingOf(container, 'broker.id');
  if (written !== undefined && !written.includes('$')) return parseDigits(written);
  const ordinal = isOfStatefulSet ? ordinalOf(podName) : undefined;
  if (ordinal === undefined || !container) return undefined;
  const voters = parseVoters(settingOf(container, 'controller.quorum.voters')?.replaceAll(/\$\([^)]*\)/g, 'x'));
  const voter = voters?.find(({ host }) => host.split('.')[0] === podName);
  if (voter) return voter.id;
  if (setsId(container.command)) return idOfScript(container.command, ordinal);
  const isFromSource = ID_VARIABLES.some((name) => name in container.variables);
  const isController = roleOf(settingOf(container, 'process.roles'))?.includes('controller') === true;
  return isFromSource || isController ? ordinal : undefined;
}

function setsId(command: string): boolean {
  return /(?:KAFKA_(?:CFG_)?(?:NODE|BROKER)_ID|\b(?:node|broker)\.id)=/.test(command);
}

const ID_VARIABLES = ['KAFKA_NODE_ID', 'KAFKA_BROKER_ID', 'KAFKA_CFG_NODE_ID', 'KAFKA_CFG_BROKER_ID'];

/** `KAFKA_NODE_ID="${HOSTNAME##*-}"`, `KAFKA_NODE_ID="$((100 + number))"`, `--override broker.id=${HOSTNAME##*-}`. */
function idOfScript(command: string, ordinal: number): number | undefined {
  const [, value] =
    /(?:KAFKA_(?:CFG_)?(?:NODE|BROKER)_ID|\b(?:node|broker)\.id)=["']?(\$\(\([^)]*\)\)|\$\{[^}]*\}|\$\w+)/.exec(
      command,
    ) ?? [];
  if (value === undefined) return undefined;
  const sum = /^\$\(\(\s*(?:(\d+)\s*\+\s*\$?\{?\w+[^+]*|\$?\{?\w+[^+]*?\s*\+\s*(\d+))\s*\)\)$/.exec(value);
  if (sum) return ordinal + Number(sum[1] ?? sum[2]);
  return value.endsWith('##*-}')
    ? ordinal
    : /^\$\{?\w+\}?$/.test(value) && /##\*-\}/.test(command)
      ? ordinal
      : undefined;
}

/** `quay.io/strimzi/kafka:0.48.0-kafka-4.1.0` and `kafka:2.13-3.9.1` have the version at the end, others at the beginning. */
export function versionOfImage(image: string): string {
  const tag = /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? '';
  const [, strimzi] = /-kafka-(\d+(?:\.\d+)+)/.exec(tag) ?? [];
  const [, scala] = /^2\.1\d-(\d+(?:\.\d+)+)/.exec(tag) ?? [];
  return strimzi ?? scala ?? /^v?(\d+(?:\.\d+)+)/.exec(tag)?.[1] ?? '';
}

/** `broker.rack`, where a literal variable tells it. */
export function rackOf(container: LiveContainer | undefined): string {
  const rack = settingOf(container, 'broker.rack') ?? '';
  return rack.includes('$') ? '' : rack;
}

/** The rack that an operator takes from a label of the Kubernetes node. */
export function rackOfNode(pod: LivePod | undefined, label: string, { nodes }: NamespaceObjects): string {
  const node = label === '' || pod === undefined ? undefined : nodes.get(pod.node);
  return node?.meta.labels[label] ?? '';
}

/** Pods of a StatefulSet, with the places of those that are missing. */
export function statefulMembers(
  workload: LiveWorkload,
  pods: readonly LivePod[],
  make: MakeMember,
): readonly LiveMember[] {
  const present = pods.filter(({ meta }) => meta.deletedAt === undefined);
  const ordinals = present.map(({ meta }) => ordinalOf(meta.name)).filter((number) => number !== undefined);
  const missing = Math.max(0, workload.replicas - pods.length);
  // `spec.ordinals.start` is not read, so the numbers begin where the present ones allow.
  const start = Math.max(0, Math.max(-1, ...ordinals) - workload.replicas + 1);
  const taken = new Set(pods.map(({ meta }) => meta.name));
  const names = Array.from({ length: workload.replicas }, (_, index) => `${workload.meta.name}-${start + index}`);
  const away = names.filter((name) => !taken.has(name)).slice(0, missing);
  return [...pods.map((pod) => make(pod.meta.name, pod)), ...away.map((name) => make(name, undefined))];
}

export type MakeMember = (name: string, pod: LivePod | undefined) => LiveMember;

export function ordinalOf(name: string): number | undefined {
  return parseDigits(/-(\d+)$/.exec(name)?.[1]);
}
