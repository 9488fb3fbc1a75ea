import type { LiveContainer, LivePod } from '#core/live/objects.ts';
import type { PodHttpAccess, PodHttpAnswer } from '#core/live/podHttp.ts';
import { ClusterProblem, type Cluster, type ExecRequest, type JsonObject } from '#core/live/ports.ts';
import type { NodeDoor } from '#core/systems/cassandra/node/nodeDoor.ts';
import { execCluster } from '#test/core/systems/cassandra/execCluster.ts';
import { healthy } from '#test/core/systems/cassandra/managementTexts.ts';
import { containerOf, metaOf, ownedBy, podOf, setOf } from '#test/core/systems/cassandra/objects.ts';

export const PASSWORD = 's3cret-of-jmx';
export const OTHER = 'an0ther-password';
export const netstats = { name: 'netstats', args: ['netstats'] };

export const section = (name: string, out: string, code = 0, error = ''): string =>
  `\n@@begin ${name}@@\n${out}\n@@error ${name}@@\n${error}\n@@end ${name} ${code}@@\n`;
export const normal = section('netstats', 'Mode: NORMAL\nNot sending any streams.');
export const refused = section(
  'netstats',
  '',
  1,
  "nodetool: Failed to connect to '127.0.0.1:7199' - SecurityException: 'Authentication failed! Credentials required'.",
);
export const closed = section(
  'netstats',
  '',
  1,
  "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection refused'.",
);
export const forbidden = new ClusterProblem('forbidden', 'pods "x" is forbidden: no exec.');

export const api: Partial<LiveContainer> = {
  ports: [{ name: 'mgmt-api-http', port: 8080 }],
};
const labels = { 'cassandra.datastax.com/cluster': 'Shop', 'cassandra.datastax.com/datacenter': 'dc1' };
const set = setOf('shop-dc1-r1-sts', { replicas: 3 });

export function podWith(container: Partial<LiveContainer>, more: Partial<LivePod> = {}): LivePod {
  const owners = [ownedBy('StatefulSet', set.meta.name)];
  const meta = metaOf('shop-dc1-r1-sts-0', { labels, owners });
  return podOf(set, 0, { meta, containers: [containerOf('k8ssandra/cass-management-api:4.1.5', container)], ...more });
}

export const plainPod = podOf(set, 0, { containers: [containerOf('cassandra:5.0.5')] });
export const apiPod = podWith(api);

export const secret = (texts: Readonly<Record<string, string>>): JsonObject => ({
  data: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
});
export const owned = (more: JsonObject = {}): JsonObject => ({
  metadata: {
    name: 'shop-dc1-r1-sts',
    ownerReferences: [{ apiVersion: 'cassandra.datastax.com/v1beta1', kind: 'CassandraDatacenter', name: 'dc1' }],
    ...more,
  },
});

export interface World {
  readonly exec: (request: ExecRequest) => string | ClusterProblem;
  readonly http?: (path: string) => string | PodHttpAnswer | ClusterProblem;
  readonly connect?: ClusterProblem;
  /** By `plural/name`. */
  readonly objects?: Readonly<Record<string, JsonObject | ClusterProblem>>;
}

export interface Asked {
  readonly cluster: Cluster;
  readonly execs: ExecRequest[];
  readonly accesses: PodHttpAccess[];
  readonly paths: string[];
  readonly open: () => number;
}

/** A cluster in which one node is. */
export function worldOf({ exec, http, connect, objects = {} }: World): Asked {
  const execs: ExecRequest[] = [];
  const accesses: PodHttpAccess[] = [];
  const paths: string[] = [];
  let open = 0;
  const cluster: Cluster = {
    ...execCluster(async (request) => {
      execs.push(request);
      const said = exec(request);
      if (said instanceof ClusterProblem) throw said;
      return { exitCode: 0, stdout: said, stderr: '', isCut: false };
    }),
    async get({ plural, name }) {
      const found = objects[`${plural}/${name}`] ?? new ClusterProblem('absent', 'not found');
      if (found instanceof ClusterProblem) throw found;
      return found;
    },
    async http(access) {
      accesses.push(access);
      if (connect) throw connect;
      open += 1;
      return {
        async request({ path }) {
          paths.push(path);
          const said = http?.(path) ?? { status: 404, text: '' };
          if (said instanceof ClusterProblem) throw said;
          return typeof said === 'string' ? { status: 200, text: said } : said;
        },
        stop: () => (open -= 1),
      };
    },
  };
  return { cluster, execs, accesses, paths, open: () => open };
}

export const byHealthy = (path: string): string | PodHttpAnswer => healthy[path] ?? { status: 404, text: '' };

export async function modeOf(door: NodeDoor, pod: LivePod): Promise<string> {
  const told = await door.ask({ pod, container: 'cassandra' }, [netstats]);
  return told.kind === 'told' ? (told.answer.answer.netstats?.mode ?? 'no mode') : told.why.message;
}

export const problemOf = (work: Promise<unknown>): Promise<ClusterProblem | undefined> =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof ClusterProblem ? error : undefined),
  );

/** JMX that takes this password and no other, whatever the way it came. */
export const jmxWith =
  (password: string) =>
  ({ stdin = '' }: ExecRequest): string =>
    stdin.split('\n')[1] === password ? normal : refused;
