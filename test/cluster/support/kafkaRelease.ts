import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { asObject, asText, at, type JsonObject } from '../bed/json.ts';
import { helm } from '../bed/workloads/helmReleases.ts';
import { control, read, type TestCluster } from './suite.ts';

export const kafkaRelease = { namespace: 'kafka', name: 'brokers' } as const;

/** What the chart may set on every pod, so that a revision has a pod template of its own. */
export const noteKey = 'data-clusters.test/note';
/** What the hooks of the chart make, by when they run. */
export const hooks = { before: 'brokers-before-rollback', after: 'brokers-after-rollback' } as const;

const target = ['-n', kafkaRelease.namespace, kafkaRelease.name];

/**
 * Puts the data cluster of the bed into a Helm release while the work lasts, and takes it out again: the chart is made of the StatefulSet
 * that is there. Revision 1 has a note on every pod, and hooks; revision 2 has neither, and is what the brokers run. No pod was replaced
 * for either.
 */
export async function withKafkaRelease(test: TestCluster, work: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'data-clusters-chart-'));
  try {
    await writeChart(folder, await read(test, '-n', kafkaRelease.namespace, 'statefulset', 'kafka'));
    // Above every ordinal, it outlives what the chart says of the update strategy.
    await setPartition(test, 1000);
    await helm(test.access, ['install', ...target, folder, '--take-ownership', '--set', 'note=one,hooks=true']);
    await helm(test.access, ['upgrade', ...target, folder, '--reset-values']);
    await setPartition(test, 0);
    await inNamespace(test, 'rollout', 'status', 'statefulset/kafka', '--timeout=180s');
    await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
    await forget(test);
  }
}

const setPartition = (test: TestCluster, partition: number): Promise<string> =>
  inNamespace(
    test,
    'patch',
    'statefulset',
    'kafka',
    '-p',
    JSON.stringify({ spec: { updateStrategy: { rollingUpdate: { partition } } } }),
  );

async function writeChart(folder: string, set: JsonObject): Promise<void> {
  await mkdir(path.join(folder, 'templates'));
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: brokers\nversion: 1.0.0\n',
    'values.yaml': "note: ''\nhooks: false\n",
    'templates/kafka.yaml': statefulSetTemplate(set),
    'templates/hooks.yaml': `{{ if .Values.hooks }}\n${hookTemplate(hooks.before, 'pre-rollback')}---\n${hookTemplate(hooks.after, 'post-rollback')}{{ end }}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

/** The StatefulSet as a chart has it: an update strategy is named, as in most charts, without a partition. */
function statefulSetTemplate({ apiVersion, kind, metadata, spec }: JsonObject): string {
  const template = asObject(at(spec, 'template'));
  const templateMetadata = asObject(at(template, 'metadata'));
  const wanted = {
    apiVersion,
    kind,
    metadata: { name: asText(at(metadata, 'name')), labels: at(metadata, 'labels') },
    spec: {
      ...asObject(spec),
      updateStrategy: { type: 'RollingUpdate' },
      template: { ...template, metadata: { ...templateMetadata, annotations: PLACEHOLDER } },
    },
  };
  // JSON is YAML: one line of it, with the one place that differs between revisions.
  return JSON.stringify(wanted).replace(
    JSON.stringify(PLACEHOLDER),
    `{ {{ with .Values.note }}${JSON.stringify(noteKey)}: {{ . | quote }}{{ end }} }`,
  );
}

const PLACEHOLDER = 'annotations of this revision';

const hookTemplate = (name: string, event: string): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations:
    helm.sh/hook: ${event}
    helm.sh/hook-delete-policy: before-hook-creation
`;

/** Helm's own removal would delete the brokers: only what it has written of the release goes. */
async function forget(test: TestCluster): Promise<void> {
  const owned = `owner=helm,name=${kafkaRelease.name}`;
  await inNamespace(test, 'delete', 'secrets', '-l', owned, '--ignore-not-found');
  await inNamespace(test, 'delete', 'configmaps', ...Object.values(hooks), '--ignore-not-found');
  await inNamespace(test, 'label', 'statefulset', 'kafka', 'app.kubernetes.io/managed-by-');
  const annotations = ['release-name', 'release-namespace'].map((field) => `meta.helm.sh/${field}-`);
  await inNamespace(test, 'annotate', 'statefulset', 'kafka', ...annotations);
}

const inNamespace = (test: TestCluster, ...args: string[]): Promise<string> =>
  control(test, '-n', kafkaRelease.namespace, ...args);
