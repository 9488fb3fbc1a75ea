import { gzipSync } from 'node:zlib';
import { stringify } from 'yaml';
import { kindNamed } from './simulation/kinds.ts';
import { shapedAs, type Deployment, type KubeObject } from './simulation/objects.ts';
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
  /** Variables of its containers that had other values than now. */
  readonly env?: Readonly<Record<string, string>>;
}

const releases: readonly ReleasePlan[] = [
  {
    namespace: 'strimzi-system',
    name: 'strimzi',
    chart: 'strimzi-kafka-operator',
    version: '1.2.0',
    notes: 'The operator watches all namespaces. Its Kafka clusters are made by resources of the kind Kafka.\n',
    revisions: [
      {
        status: 'superseded',
        values: { watchNamespaces: ['payments'], fullReconciliationIntervalMs: 300_000 },
        env: { STRIMZI_NAMESPACE: 'payments', STRIMZI_FULL_RECONCILIATION_INTERVAL_MS: '300000' },
      },
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

function addRevision(world: World, release: ReleasePlan, revision: number, plan: RevisionPlan): void {
  const { status, values } = plan;
  const { namespace, name, chart, version, notes } = release;
  const at = new Date(deployedAt(world, release, revision)).toISOString();
  const description = revision === 1 ? 'Install complete' : 'Upgrade complete';
  const contents = {
    name,
    namespace,
    version: revision,
    info: { first_deployed: at, last_deployed: at, deleted: '', description, status, notes },
    chart: { metadata: { name: chart, version, appVersion: version, apiVersion: 'v2' }, values: {}, templates: [] },
    config: values,
    manifest: manifestOf(world, release, plan),
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
        modifiedAt: String(Math.floor(Date.parse(at) / 1000)),
      },
    },
    type: 'helm.sh/release.v1',
    data: { release: Buffer.from(packed).toString('base64') },
  });
}

/** The newest when its objects were made, the others a minute before each other. */
function deployedAt(world: World, release: ReleasePlan, revision: number): number {
  const [first] = objectsOf(world, release);
  const made = first === undefined ? world.now() : Date.parse(first.metadata.creationTimestamp);
  return made - (release.revisions.length - revision) * 60_000;
}

/** The Deployments that carry the marks of the release. */
function objectsOf(world: World, { namespace, name }: ReleasePlan): readonly KubeObject[] {
  return world.store
    .list(kindNamed('Deployment'), namespace)
    .filter(({ metadata }) => metadata.annotations?.['meta.helm.sh/release-name'] === name);
}

/** Its objects, as its chart made them for a revision. */
function manifestOf(world: World, release: ReleasePlan, { env = {} }: RevisionPlan): string {
  return objectsOf(world, release)
    .map((one) => {
      const source = `${release.chart}/templates/${one.metadata.name}.yaml`;
      return `---\n# Source: ${source}\n${stringify(renderedAs(one, env))}`;
    })
    .join('');
}

function renderedAs(object: KubeObject, env: Readonly<Record<string, string>>): unknown {
  const { apiVersion, kind, metadata, spec } = shapedAs<Deployment>(object);
  const { namespace, name, labels } = metadata;
  const containers = spec.template.spec.containers.map((container) => ({
    ...container,
    ...(container.env && {
      env: container.env.map((one) => ({ ...one, ...(one.name in env && { value: env[one.name] }) })),
    }),
  }));
  const template = { ...spec.template, spec: { ...spec.template.spec, containers } };
  return { apiVersion, kind, metadata: { namespace, name, labels }, spec: { ...spec, template } };
}
