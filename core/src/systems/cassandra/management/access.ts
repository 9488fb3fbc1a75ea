import { textAt } from '#core/json.ts';
import type { LiveContainer, LivePod } from '#core/live/objects.ts';
import type { PodHttpAccess, PodTls } from '#core/live/podHttp.ts';
import { ClusterProblem, type Cluster, type JsonObject } from '#core/live/ports.ts';
import { repositoryOf } from '#core/systems/recognition.ts';
import { readSecret } from '#core/systems/cassandra/node/secrets.ts';

/** Where the management API of a pod listens, and whether it wants certificates. */
export interface ManagementEntrance {
  readonly port: number;
  /** Of the server; undefined for plain HTTP, empty when its certificates do not come from a Secret. */
  readonly serverSecret: string | undefined;
}

/** cass-operator calls the port so, whatever its number. */
const PORT_NAME = 'mgmt-api-http';
const USUAL_PORT = 8080;
const IMAGE = /(?:^|\/)(?:cass-management-api|cassandra-mgmtapi-[\w-]+|dse-mgmtapi(?:-\w+)?)$/;
const VARIABLES = ['USE_MGMT_API', 'MGMT_API_EXPLICIT_START', 'MGMT_API_LISTEN_TCP_PORT'];
const TLS_VARIABLES = ['MGMT_API_TLS_CERT_FILE', 'DSE_MGMT_TLS_CERT_FILE'];
const TLS_MOUNT = '/management-api-certs';

/** By what the pod says of itself; undefined when its container has no management API. Contacts nothing. */
export function managementEntrance(pod: LivePod, name: string): ManagementEntrance | undefined {
  const container = pod.containers.find((one) => one.name === name);
  if (!container || !hasManagement(container)) return undefined;
  const { ports, variables, mounts } = container;
  const told = Number(variables['MGMT_API_LISTEN_TCP_PORT'] ?? '');
  const port = ports.find((one) => one.name === PORT_NAME)?.port ?? (told > 0 && told < 65_536 ? told : USUAL_PORT);
  if (!TLS_VARIABLES.some((variable) => Object.hasOwn(variables, variable))) return { port, serverSecret: undefined };
  const mount = mounts.find(({ path }) => path === TLS_MOUNT);
  const volume = pod.volumes.find((one) => one.name === mount?.volume && one.source === 'secret');
  return { port, serverSecret: volume?.target ?? '' };
}

function hasManagement({ image, ports, variables }: LiveContainer): boolean {
  const isNamed = ports.some(({ name }) => name === PORT_NAME);
  return isNamed || IMAGE.test(repositoryOf(image)) || VARIABLES.some((name) => Object.hasOwn(variables, name));
}

/**
 * How it is connected to. With `managementApiAuth.manual` clients show the certificate of the Secret that the datacenter names for them;
 * the probes of the pod show that of the server, which is taken where the datacenter cannot be read. Names in certificates are not looked
 * at, as cass-operator does not.
 * @throws ClusterProblem that says which Secret is missing
 */
export async function managementAccess(
  cluster: Cluster,
  pod: LivePod,
  { port, serverSecret }: ManagementEntrance,
  datacenter: JsonObject | undefined,
): Promise<PodHttpAccess> {
  const { namespace, name } = pod.meta;
  if (serverSecret === undefined) return { namespace, pod: name, port };
  const secret = textAt(datacenter, 'spec', 'managementApiAuth', 'manual', 'clientSecretName') || serverSecret;
  if (secret === '') {
    throw new ClusterProblem(
      'configuration',
      `The management API of ${name} wants a certificate, and it is not known which Secret has one. Give yourself the right to get the CassandraDatacenter: it names the Secret in managementApiAuth.`,
    );
  }
  return { namespace, pod: name, port, tls: await readTls(cluster, namespace, secret, name) };
}

async function readTls(cluster: Cluster, namespace: string, name: string, pod: string): Promise<PodTls> {
  const data = await readSecret(cluster, namespace, name, `The management API of ${pod} wants a certificate`);
  const [ca, cert, key] = ['ca.crt', 'tls.crt', 'tls.key'].map((entry) => data.get(entry));
  if (ca !== undefined && cert !== undefined && key !== undefined) return { ca, cert, key };
  throw new ClusterProblem(
    'configuration',
    `The management API of ${pod} wants a certificate, and the Secret ${name} has not all of ca.crt, tls.crt and tls.key.`,
  );
}
