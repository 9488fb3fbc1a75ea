import { until } from '../bed/commands.ts';
import { asArray, asText, at, type Json, type JsonObject } from '../bed/json.ts';
import { applyObjects } from '../bed/kubectl.ts';
import { openCql } from './cql.ts';
import { replacePod, waitForSet } from './pods.ts';
import { members, ringSeenFrom, waitForRing } from './ring.ts';
import { control, inPod, read, tryControl, type TestCluster } from './suite.ts';

const namespace = 'cassandra';
const set = 'statefulset/cassandra';

/** A node that nobody planned: it begins to join, and its ring_delay keeps it at that for as long as the work lasts. */
export async function whileStrangerJoins(cluster: TestCluster, work: () => Promise<void>): Promise<void> {
  const name = 'stranger';
  const template = at(await read(cluster, '-n', namespace, set), 'spec', 'template', 'spec', 'containers', 0);
  const env = asArray(at(template, 'env')).filter((one) => at(one, 'name') !== 'JVM_FIRST_OPTS');
  const slow = { name: 'JVM_FIRST_OPTS', value: '-Dcassandra.ring_delay_ms=900000' };
  const data = { name: 'data', emptyDir: {} };
  const container = {
    name,
    image: at(template, 'image') ?? null,
    env: [...env, slow],
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/cassandra' }],
  };
  const spec = { containers: [container], volumes: [data], securityContext: { fsGroup: 999 } };
  await applyObjects(cluster.access, [{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec }]);
  try {
    await until('the stranger to join', 120, () => isSeen(cluster, 'UJ'), 1000);
    await work();
  } finally {
    const address = await addressOf(cluster, name);
    await control(cluster, '-n', namespace, 'delete', 'pod', name, '--grace-period=0', '--force');
    // Peers never forget by themselves who died while it joined: they keep its tokens, and show it as DJ.
    await inPod(cluster, namespace, members[0], 'nodetool', 'assassinate', address);
    await waitForRing(cluster);
  }
}

const isSeen = async (cluster: TestCluster, state: string): Promise<boolean> =>
  (await ringSeenFrom(cluster, members[0])).some((row) => row.state === state);

/**
 * Two versions of the schema in a ring that is up for everybody: a member that was away when a table was made, and is told never to ask
 * the others for theirs.
 */
export async function whileSchemasDiffer(
  cluster: TestCluster,
  member: string,
  work: () => Promise<void>,
): Promise<void> {
  const before = await read(cluster, '-n', namespace, set);
  const others = members.filter((one) => one !== member);
  const addresses = await Promise.all(others.map((name) => addressOf(cluster, name)));
  const option = `-Dcassandra.skip_schema_check_for_endpoints=${addresses.join(',')}`;
  const env = asArray(at(before, 'spec', 'template', 'spec', 'containers', 0, 'env'));
  const usual = at(before, 'spec', 'updateStrategy') ?? null;
  await patchTemplate(cluster, [...env, { name: 'JVM_EXTRA_OPTS', value: option }], { type: 'OnDelete' });
  try {
    await inPod(cluster, namespace, member, 'nodetool', 'drain');
    await changeSchema(cluster);
    await replacePod(cluster, { namespace, name: member });
    await waitForRing(cluster);
    await until('two versions of the schema', 60, async () => (await schemasSeenFrom(cluster, members[0])) === 2, 1000);
    await work();
  } finally {
    await patchTemplate(cluster, env, { type: 'OnDelete' });
    await replacePod(cluster, { namespace, name: member });
    await patchTemplate(cluster, env, usual);
    await waitForSet(cluster, namespace, 'cassandra');
    await waitForRing(cluster);
    await until('one version of the schema', 60, async () => (await schemasSeenFrom(cluster, members[0])) === 1, 1000);
  }
}

async function patchTemplate(cluster: TestCluster, env: readonly Json[], strategy: Json): Promise<void> {
  const change: readonly JsonObject[] = [
    { op: 'replace', path: '/spec/updateStrategy', value: strategy },
    { op: 'replace', path: '/spec/template/spec/containers/0/env', value: env },
  ];
  await control(cluster, '-n', namespace, 'patch', set, '--type=json', '-p', JSON.stringify(change));
}

const addressOf = async (cluster: TestCluster, name: string): Promise<string> =>
  asText(at(await read(cluster, '-n', namespace, 'pod', name), 'status', 'podIP'));

/** By a statement that any member can be asked for; the one that is away hears nothing of it. */
async function changeSchema(cluster: TestCluster): Promise<void> {
  const session = await openCql(cluster.access, members[0]);
  try {
    await session.execute(`CREATE TABLE IF NOT EXISTS shop.split_${Date.now()} (id int PRIMARY KEY)`);
  } finally {
    await session.close();
  }
}

/** How many versions a member knows, of those that it could ask. */
async function schemasSeenFrom(cluster: TestCluster, member: string): Promise<number> {
  const command = ['-n', namespace, 'exec', member, '--', 'nodetool', 'describecluster'];
  const { stdout } = await tryControl(cluster, command);
  return [...stdout.matchAll(/^\t\t[0-9a-f-]{36}: \[/gm)].length;
}
