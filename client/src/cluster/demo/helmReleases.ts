import { gzipSync } from 'node:zlib';
import type { World } from './simulation/world.ts';

interface ReleasePlan {
  readonly namespace: string;
  readonly name: string;
  readonly chart: string;
  readonly version: string;
  readonly notes: string;
  /** Oldest first. */
  readonly revisions: readonly RevisionPlan[];
}

interface RevisionPlan {
  readonly status: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const releases: readonly ReleasePlan[] = [
  {
    namespace: 'strimzi-system',
    name: 'strimzi',
    chart: 'strimzi-kafka-operator',
    version: '1.2.0',
    notes: 'The operator watches all namespaces. Its Kafka clusters are made by resources of the kind Kafka.\n',
    revisions: [
      { status: 'superseded', values: { watchNamespaces: ['payments'] } },
      { status: 'deployed', values: { watchAnyNamespace: true } },
    ],
  },
  {
    namespace: 'spark-operator',
    name: 'spark-operator',
    chart: 'spark-operator',
    version: '2.5.2',
    notes: '',
    revisions: [{ status: 'deployed', values: { spark: { jobNamespaces: [''] } } }],
  },
];

/** Secrets as Helm keeps its releases: JSON, compressed, and twice in base 64. */
export function addHelmReleases(world: World): void {
  for (const release of releases) {
    release.revisions.forEach((plan, index) => addRevision(world, release, index + 1, plan));
  }
}

function addRevision(world: World, release: ReleasePlan, revision: number, { status, values }: RevisionPlan): void {
  const { namespace, name, chart, version, notes } = release;
  const at = new Date(world.now()).toISOString();
  const description = revision === 1 ? 'Install complete' : 'Upgrade complete';
  const contents = {
    name,
    namespace,
    version: revision,
    info: { first_deployed: at, last_deployed: at, deleted: '', description, status, notes },
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
