import { gzipSync } from 'node:zlib';
import type { World } from './simulation/world.ts';

interface ReleasePlan {
  readonly namespace: string;
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly statuses: readonly string[];
}

const releases: readonly ReleasePlan[] = [
  {
    namespace: 'strimzi-system',
    name: 'strimzi',
    chart: 'strimzi-kafka-operator',
    version: '1.2.0',
    values: { watchAnyNamespace: true },
    statuses: ['superseded', 'deployed'],
  },
  {
    namespace: 'spark-operator',
    name: 'spark-operator',
    chart: 'spark-operator',
    version: '2.5.2',
    values: { spark: { jobNamespaces: [''] } },
    statuses: ['deployed'],
  },
];

/** Secrets as Helm keeps its releases: JSON, compressed, and twice in base 64. */
export function addHelmReleases(world: World): void {
  for (const release of releases) {
    release.statuses.forEach((status, index) => addRevision(world, release, index + 1, status));
  }
}

function addRevision(world: World, release: ReleasePlan, revision: number, status: string): void {
  const { namespace, name, chart, version, values } = release;
  const at = new Date(world.now()).toISOString();
  const description = status === 'superseded' ? 'Install complete' : 'Upgrade complete';
  const contents = {
    name,
    namespace,
    version: revision,
    info: { first_deployed: at, last_deployed: at, deleted: '', description, status, notes: '' },
    chart: { metadata: { name: chart, version, appVersion: version, apiVersion: 'v2' }, values: {}, templates: [] },
    config: values,
    manifest: `---\n# Source: ${chart}/templates/namespace.yaml\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${namespace}\n`,
  };
  const packed = gzipSync(JSON.stringify(contents)).toString('base64');
  world.add({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace,
      name: `sh.helm.release.v1.${name}.v${revision}`,
      labels: {
        owner: 'helm',
        name,
        status,
        version: String(revision),
        modifiedAt: String(Math.floor(world.now() / 1000)),
      },
    },
    type: 'helm.sh/release.v1',
    data: { release: Buffer.from(packed).toString('base64') },
  });
}
