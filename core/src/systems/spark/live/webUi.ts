import { isAtWork } from '#core/live/jobs/judgement.ts';
import type { DataCluster, LiveMember, LiveMemberRole } from '#core/live/model.ts';
import { numberAt, textAt } from '#core/json.ts';

/** Where the web interface of Spark can be reached by a forward; `pod` is there whatever `service` says, since forwards end in pods. */
export interface SparkUiTarget {
  readonly pod: string;
  readonly port: number;
  /** The service in front of it, as the operator names it. */
  readonly service?: { readonly name: string; readonly port: number };
  /** Address of the ingress, as the operator writes it into the status; untrusted. */
  readonly address?: string;
}

/** Who serves it, on which port unless something else is set. */
const servers: readonly { readonly role: LiveMemberRole; readonly port: number }[] = [
  { role: 'driver', port: 4040 },
  { role: 'server', port: 4040 },
  { role: 'master', port: 8080 },
];

/** Undefined while nobody serves it: it lives and dies with the driver. */
export function sparkUiTarget(cluster: DataCluster): SparkUiTarget | undefined {
  if (setting(cluster, 'spark.ui.enabled') === 'false') return undefined;
  for (const { role, port } of servers) {
    const member = cluster.members.find((candidate) => candidate.role === role && isAtWork(candidate));
    if (member !== undefined) return targetOf(cluster, member, port);
  }
  return undefined;
}

function targetOf(cluster: DataCluster, { name, pod, container, role }: LiveMember, usual: number): SparkUiTarget {
  const { resource, services } = cluster;
  const ports = pod?.containers.find((candidate) => candidate.name === container)?.ports ?? [];
  const port =
    ports.find((candidate) => UI_PORT_NAMES.includes(candidate.name))?.port ?? setPort(cluster, role) ?? usual;
  const serviceName = role === 'driver' ? textAt(resource?.status, 'driverInfo', 'webUIServiceName') : '';
  const service = services.find(({ meta }) => meta.name === serviceName);
  const servicePort = numberAt(resource?.status, 'driverInfo', 'webUIPort') ?? service?.ports[0]?.port;
  const address = textAt(resource?.status, 'driverInfo', 'webUIIngressAddress');
  return {
    pod: name,
    port,
    ...(serviceName === '' || servicePort === undefined ? {} : { service: { name: serviceName, port: servicePort } }),
    ...(address === '' ? {} : { address }),
  };
}

/** The port that the settings of an application name; masters have another setting, which operators write into their pods. */
function setPort(cluster: DataCluster, role: LiveMemberRole): number | undefined {
  const port = setting(cluster, 'spark.ui.port');
  return role !== 'master' && /^[1-9]\d{0,4}$/.test(port) ? Number(port) : undefined;
}

function setting({ resource }: DataCluster, name: string): string {
  return textAt(resource?.spec, 'sparkConf', name);
}

/** Spark and the operators name the port so. */
const UI_PORT_NAMES: readonly string[] = ['spark-ui', 'web-ui', 'web'];
