import type { DataCluster } from '#core/live/model.ts';
import type { LiveService } from '#core/live/objects.ts';
import { listAt, numberAt, textAt } from '#core/live/reading.ts';
import type { SystemId } from '#core/systems/contract.ts';

/** An address that programs use. */
export interface Connection {
  /** For people: `Bootstrap servers, listener tls`. */
  readonly title: string;
  readonly text: string;
  /** Whether it can be reached from inside the cluster only. */
  readonly isInternal: boolean;
}

/** How programs reach a data cluster, the usual way first; empty when nothing is known. */
export function connectionsOf(cluster: DataCluster): readonly Connection[] {
  return byText(finders[cluster.system](cluster));
}

const finders: Readonly<Record<SystemId, (cluster: DataCluster) => readonly Connection[]>> = {
  kafka: (cluster) => [...reportedListeners(cluster), ...bootstrapServices(cluster)],
  cassandra: contactPoints,
  spark: sparkInterfaces,
  tfjob: () => [],
};

/** Strimzi reports where its listeners are (Kafka, status.listeners). */
function reportedListeners({ resource }: DataCluster): readonly Connection[] {
  return listAt(resource?.status, 'listeners').flatMap((listener): Connection[] => {
    const text = textAt(listener, 'bootstrapServers');
    const name = textAt(listener, 'name');
    const isInternal = /\.svc(?:[.:,]|$)/.test(text);
    const title = name === '' ? 'Bootstrap servers' : `Bootstrap servers, listener ${name}`;
    return text === '' ? [] : [{ title, text, isInternal }];
  });
}

/** Ports that clients of Kafka use; 9090 and 9091 are for Strimzi itself, and controllers and metrics have names of their own. */
const isClientPort = (port: { readonly name: string; readonly port: number }): boolean =>
  port.port >= 9092 && port.port <= 9099 && !/control|jmx|metric|replication|interbroker|inter-broker/i.test(port.name);

function bootstrapServices(cluster: DataCluster): readonly Connection[] {
  return frontServices(cluster).flatMap((service) =>
    service.ports.filter(isClientPort).map((port) => ({
      title: port.name === '' ? 'Bootstrap servers' : `Bootstrap servers, port ${port.name}`,
      text: `${hostOf(service)}:${port.port}`,
      isInternal: true,
    })),
  );
}

const CQL_PORTS = [9042, 9142];

function contactPoints(cluster: DataCluster): readonly Connection[] {
  return frontServices(cluster).flatMap((service) =>
    service.ports
      .filter(({ port }) => CQL_PORTS.includes(port))
      .map(({ port }) => ({ title: 'CQL contact point', text: `${hostOf(service)}:${port}`, isInternal: true })),
  );
}

/** The driver's own page (spark.ui.port) and its service, as the operators make and report them. */
function sparkInterfaces(cluster: DataCluster): readonly Connection[] {
  const driver = cluster.resource?.status;
  const reported = textAt(driver, 'driverInfo', 'webUIServiceName');
  const port = numberAt(driver, 'driverInfo', 'webUIPort') ?? SPARK_UI_PORT;
  const own: Connection[] =
    reported === ''
      ? []
      : [{ title: 'Spark UI', text: `http://${reported}.${cluster.namespace}.svc:${port}`, isInternal: true }];
  const services = cluster.services.flatMap((service) =>
    service.ports
      .filter(({ name, port }) => port === SPARK_UI_PORT || /ui/i.test(name))
      .map(({ port }) => ({ title: 'Spark UI', text: `http://${hostOf(service)}:${port}`, isInternal: true })),
  );
  return [...own, ...services];
}

export const SPARK_UI_PORT = 4040;

/** Services that stand for the whole cluster: those for single pods name one, and headless ones come last. */
function frontServices({ services, members }: DataCluster): readonly LiveService[] {
  const pods = new Set(members.map(({ name }) => name));
  return services
    .filter(({ meta, selector }) => !pods.has(meta.name) && !pods.has(selector[POD_NAME_LABEL] ?? ''))
    .toSorted((a, b) => rank(a) - rank(b) || (a.meta.name < b.meta.name ? -1 : 1));
}

const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';

function rank({ clusterIp, publishesNotReady }: LiveService): number {
  return (clusterIp === 'None' ? 1 : 0) + (publishesNotReady ? 2 : 0);
}

function hostOf({ meta }: LiveService): string {
  return `${meta.name}.${meta.namespace}.svc`;
}

function byText(connections: readonly Connection[]): readonly Connection[] {
  return connections.filter(({ text }, index) => connections.findIndex((other) => other.text === text) === index);
}
