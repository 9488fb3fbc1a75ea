import { viewPod, type PodView } from '#core/lint/rules/pods.ts';
import type { ObjectView } from '#core/lint/rules/object.ts';
import type { NodeView } from '#core/lint/rules/view.ts';
import {
  makeConfig,
  readConfigMap,
  rolesOf,
  valueOf,
  type BrokerConfig,
  type Setting,
} from '#core/systems/kafka/brokerConfig.ts';
import { readBrokerEnvironment } from '#core/systems/kafka/brokerEnvironment.ts';
import { parseVoters } from '#core/systems/kafka/listeners.ts';
import { brokerContainer, recognizeKafka } from '#core/systems/kafka/recognize.ts';
import { readProperties } from '#core/systems/kafka/propertiesText.ts';
import { readDocumentFacts } from '#core/systems/documentFacts.ts';
import { repositoryOf } from '#core/systems/recognition.ts';

/** Brokers that share their settings: those of a workload, of a custom resource, or whoever reads a file. */
export interface BrokerGroup {
  readonly config: BrokerConfig;
  /** What holds the settings: where a missing one is reported. */
  readonly home: NodeView;
  /** Brokers of the whole cluster, where this document tells how many there are. */
  readonly brokers: number | undefined;
  readonly operator: 'strimzi' | 'koperator' | undefined;
  /** Minor version of Kafka. */
  readonly version: string | undefined;
  /** The pod of a workload that no operator runs. */
  readonly workload: BrokerWorkload | undefined;
}

export interface BrokerWorkload {
  readonly pod: PodView;
  readonly container: NodeView;
  readonly replicas: number | undefined;
}

const FILES = ['server.properties', 'broker.properties', 'controller.properties'];

const known = new WeakMap<ObjectView, readonly BrokerGroup[]>();

/** The brokers an object describes; none for what is no part of Kafka. */
export function viewBrokers(object: ObjectView): readonly BrokerGroup[] {
  const before = known.get(object);
  if (before) return before;
  const groups = READERS[object.groupKind]?.(object) ?? readWorkload(object);
  known.set(object, groups);
  return groups;
}

const READERS: Readonly<Record<string, (object: ObjectView) => readonly BrokerGroup[]>> = {
  '/ConfigMap': readFiles,
  'kafka.strimzi.io/Kafka': readStrimzi,
  'kafka.banzaicloud.io/KafkaCluster': readKoperator,
};

function readStrimzi({ spec, metadata }: ObjectView): readonly BrokerGroup[] {
  const kafka = spec.field('kafka');
  const config = kafka.field('config');
  const isReadable = config.isAbsent || (config.content?.kind === 'map' && !config.isOpen);
  const usesPools = metadata.at('annotations', 'strimzi.io/node-pools').text === 'enabled';
  // Only with ZooKeeper may the brokers be counted here; without it they are in node pools.
  const isCounted = spec.field('zookeeper').isPresent && !usesPools;
  return [
    {
      config: makeConfig(readConfigMap(config), isReadable && !kafka.isOpen),
      home: config.isPresent ? config : kafka,
      brokers: isCounted ? kafka.field('replicas').integer : undefined,
      operator: 'strimzi',
      version: minorOf(kafka.field('version').text),
      workload: undefined,
    },
  ];
}

function readKoperator({ spec, text }: ObjectView): readonly BrokerGroup[] {
  const home = spec.field('readOnlyConfig');
  const settings = [...readProperties(spec.field('clusterWideConfig'), text), ...readProperties(home, text)];
  const brokers = spec.field('brokers');
  const others = { operator: 'koperator', version: undefined, workload: undefined } as const;
  return [{ config: makeConfig(settings, false), home, brokers: countBrokers(spec, brokers), ...others }];
}

/** Without KRaft every node is a broker; with it only those that say so. */
function countBrokers(spec: NodeView, brokers: NodeView): number | undefined {
  if (brokers.isOpen || brokers.items.length === 0) return undefined;
  if (spec.field('kRaft').boolean !== true) return undefined;
  const roles = brokers.items.map((broker) => broker.at('brokerConfig', 'processRoles').items.map(({ text }) => text));
  return roles.every((list) => list.length > 0) ? roles.filter((list) => list.includes('broker')).length : undefined;
}

function readFiles(object: ObjectView): readonly BrokerGroup[] {
  const data = object.root.field('data');
  const files = FILES.map((name) => data.field(name)).filter(({ isPresent }) => isPresent);
  if (files.length === 0 || !recognizeKafka(readDocumentFacts(object))) return [];
  return files.map((home) => ({
    config: makeConfig(readProperties(home, object.text), false),
    home,
    brokers: undefined,
    operator: undefined,
    version: undefined,
    workload: undefined,
  }));
}

function readWorkload(object: ObjectView): readonly BrokerGroup[] {
  const pod = viewPod(object);
  if (!pod) return [];
  const found = recognizeKafka(readDocumentFacts(object));
  if (found?.role !== 'cluster' || found.flavour !== 'kubernetes') return [];
  const containers = pod.containers.filter(({ list }) => list === 'containers').map(({ view }) => view);
  const imageOf = (view: NodeView): string => view.field('image').text ?? '';
  const container = brokerContainer(containers, imageOf);
  const config = container && readBrokerEnvironment(container);
  if (!container || !config) return [];
  const env = container.field('env');
  const replicas = object.groupKind === '/Pod' ? 1 : readReplicas(object);
  return [
    {
      config,
      home: env.isPresent ? env : container,
      brokers: countNodes(config, replicas),
      operator: undefined,
      version: versionOf(imageOf(container)),
      workload: { pod, container, replicas },
    },
  ];
}

function readReplicas({ spec }: ObjectView): number | undefined {
  const replicas = spec.field('replicas');
  return replicas.isAbsent ? 1 : replicas.integer;
}

/** A workload is the whole cluster when each of its nodes is both broker and controller and the controllers are as many as its pods. */
function countNodes(config: BrokerConfig, replicas: number | undefined): number | undefined {
  const isCombined = rolesOf(config)?.size === 2;
  const voters = parseVoters(valueOf(config, 'controller.quorum.voters'));
  return isCombined && voters?.length === replicas ? replicas : undefined;
}

/** The numbers of the nodes of a workload, where it tells them. */
export function nodeIdsOf({ config, workload }: BrokerGroup): readonly number[] | undefined {
  const setting = idSetting(config);
  if (setting?.isOrdinal === true) return ordinalsOf(workload);
  return setting?.value !== undefined && /^\d+$/.test(setting.value) ? [Number(setting.value)] : undefined;
}

export function idSetting({ settings }: BrokerConfig): Setting | undefined {
  return settings.get('node.id') ?? settings.get('broker.id');
}

function ordinalsOf(workload: BrokerWorkload | undefined): readonly number[] | undefined {
  if (workload?.replicas === undefined || workload.pod.object.groupKind !== 'apps/StatefulSet') return undefined;
  const start = workload.pod.object.spec.at('ordinals', 'start');
  const first = start.isAbsent ? 0 : start.integer;
  return first === undefined ? undefined : Array.from({ length: workload.replicas }, (_, index) => first + index);
}

/** Kafka's minor by the tag of an image. Confluent Platform 7.9 brings Kafka 3.9, and 8.0 brings 4.0. */
function versionOf(image: string): string | undefined {
  const [, major, minor] = /:v?(\d+)\.(\d+)/.exec(image) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const repository = repositoryOf(image);
  if (/(?:^|\/)cp-(?:kafka|server)$/.test(repository)) {
    return major === '7' || major === '8' ? `${Number(major) - 4}.${minor}` : undefined;
  }
  return /(?:^|\/)(?:apache|bitnami|bitnamilegacy)\/kafka(?:-native)?$/.test(repository)
    ? `${major}.${minor}`
    : undefined;
}

function minorOf(version: string | undefined): string | undefined {
  return version === undefined ? undefined : /^\d+\.\d+/.exec(version)?.[0];
}
