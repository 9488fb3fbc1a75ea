import type { ObjectView } from '#core/lint/rules/object.ts';
import { viewPod, type PodView } from '#core/lint/rules/pods.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import { nodeContainers, recognizeCassandra } from '#core/systems/cassandra/recognize.ts';
import type { ContainerFacts, DocumentFacts } from '#core/systems/contract.ts';

/** The container of a StatefulSet that runs a Cassandra node without an operator. */
export interface Member {
  readonly object: ObjectView;
  readonly pod: PodView;
  readonly container: NodeView;
  readonly image: string;
  /** How many there are; undefined when that is not written or not known. */
  readonly replicas: number | undefined;
}

/** The image that Docker publishes as `cassandra`, whose start script is known. */
const OFFICIAL_IMAGE =
  /^(?:(?:docker\.io|index\.docker\.io|public\.ecr\.aws\/docker)\/)?(?:library\/)?cassandra(?:[:@]|$)/;

/** Places of the official image where a mounted file may replace what the start script writes. */
const CONFIGURATION = /^\/(?:etc|opt)\/cassandra(?:\/|$)/;

/** The members of a ring that a StatefulSet describes; none for every other object. */
export function membersOf(object: ObjectView): readonly Member[] {
  const pod = object.groupKind === 'apps/StatefulSet' ? viewPod(object) : undefined;
  if (!pod) return [];
  const facts = readFacts(pod);
  const recognition = recognizeCassandra(facts);
  if (recognition?.role !== 'cluster' || recognition.flavour !== 'kubernetes') return [];
  const nodes = nodeContainers(facts);
  const replicas = object.spec.field('replicas').integer;
  return pod.spec.field('containers').items.flatMap((container, index) => {
    const found = facts.containers[index];
    return found && nodes.includes(found) ? [{ object, pod, container, image: found.image, replicas }] : [];
  });
}

/** Whether the start script of the official image alone decides how the node is configured. */
export function isConfiguredByImage({ container, image }: Member): boolean {
  if (!OFFICIAL_IMAGE.test(image) || container.isOpen) return false;
  if (!container.field('command').isAbsent || !container.field('args').isAbsent) return false;
  return container.field('volumeMounts').items.every((mount) => {
    const path = mount.field('mountPath').text;
    return path !== undefined && !CONFIGURATION.test(path);
  });
}

/** Major and minor of the Cassandra in an image, from its tag: `4.1` of `cassandra:4.1.9-jammy`. */
export function imageVersion(image: string): readonly [number, number] | undefined {
  const [, major, minor] = /:(\d+)(?:\.(\d+))?[^:/]*$/.exec(image.replace(/@.*/, '')) ?? [];
  return major === undefined ? undefined : [Number(major), Number(minor ?? 0)];
}

/** What a probe or a hook runs, in one line; undefined when it runs nothing or not all of it is known. */
export function commandOf(handler: NodeView): string | undefined {
  const command = handler.at('exec', 'command');
  const words = command.items.map(({ text }) => text);
  if (words.length === 0 || command.isOpen || words.includes(undefined)) return undefined;
  return words.join(' ');
}

function readFacts({ object, metadata, spec }: PodView): DocumentFacts {
  const { group, version, kind } = object.kind;
  return {
    group,
    version,
    kind,
    name: object.metadata.field('name').text ?? '',
    labels: new Map([...object.metadata.field('labels').textEntries, ...metadata.field('labels').textEntries]),
    containers: spec.field('containers').items.map(readContainer),
    dataKeys: [],
  };
}

function readContainer(container: NodeView): ContainerFacts {
  const texts = (list: NodeView): readonly string[] => list.items.map(({ text }) => text ?? '');
  const fields = (list: string, name: string): readonly NodeView[] =>
    container.field(list).items.map((item) => item.field(name));
  return {
    name: container.field('name').text ?? '',
    image: container.field('image').text ?? '',
    command: [...texts(container.field('command')), ...texts(container.field('args'))].join(' '),
    variables: fields('env', 'name').flatMap(({ text }) => text ?? []),
    ports: fields('ports', 'containerPort').flatMap(({ integer }) => integer ?? []),
    mountPaths: fields('volumeMounts', 'mountPath').flatMap(({ text }) => text ?? []),
  };
}
