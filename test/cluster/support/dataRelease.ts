import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { asArray, asObject, asText, at, parseJson, type JsonObject } from '../bed/json.ts';
import { goProgram } from '../bed/native/goPrograms.ts';
import { helm } from '../bed/workloads/helmReleases.ts';
import { control, read, tryControl, type TestCluster } from './suite.ts';

/** A StatefulSet of the bed that is put into a Helm release for a while. */
export interface TakenSet {
  readonly namespace: string;
  readonly set: string;
  readonly release: string;
}

/** What the hooks of the chart make, by when they run. */
export const hooks = ['before-rollback', 'after-rollback'] as const;
const events = { 'before-rollback': 'pre-rollback', 'after-rollback': 'post-rollback' } as const;

/** What the chart may set on every pod, so that a revision has a pod template of its own. */
const noteKey = 'data-clusters.test/note';

/**
 * Puts a data cluster of the bed into a Helm release while the work lasts, and takes it out again: the chart is made of the StatefulSet
 * that is there. Revision 1 has a note on every pod, and hooks; revision 2 has neither, and is what the members run. No pod was replaced
 * for either.
 */
export async function withRelease(test: TestCluster, taken: TakenSet, work: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'data-clusters-chart-'));
  const target = ['-n', taken.namespace, taken.release];
  try {
    await writeChart(folder, await read(test, '-n', taken.namespace, 'statefulset', taken.set));
    // Above every ordinal, it outlives what the chart says of the update strategy.
    await setPartition(test, taken, 1000);
    await helm(test.access, ['install', ...target, folder, '--take-ownership', '--set', 'note=one,hooks=true']);
    await helm(test.access, ['upgrade', ...target, folder, '--reset-values']);
    await setPartition(test, taken, 0);
    await inNamespace(test, taken, 'rollout', 'status', `statefulset/${taken.set}`, '--timeout=180s');
    await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
    await forget(test, taken);
  }
}

/** Of the command line; the name of the release is its consent. */
export const rollbackArguments = (
  { namespace, release }: Pick<TakenSet, 'namespace' | 'release'>,
  to: number,
): readonly string[] => `rollback ${release} -n ${namespace} --to ${to} --confirm ${release} --yes -o json`.split(' ');

/** With which the command line finds the program `helm`. */
export async function withHelm(): Promise<Readonly<Record<string, string>>> {
  return { PATH: `${path.dirname(await goProgram('helm'))}${path.delimiter}${process.env['PATH'] ?? ''}` };
}

/** `superseded: Install complete`, the oldest first. */
export async function historyOf(test: TestCluster, { namespace, release }: TakenSet): Promise<readonly string[]> {
  const history = parseJson(await helm(test.access, ['history', '-n', namespace, release, '-o', 'json']));
  return asArray(history).map((one) => `${asText(at(one, 'status'))}: ${asText(at(one, 'description'))}`);
}

/** Which of the hooks have run. */
export async function hooksThatRan(test: TestCluster, { namespace }: TakenSet): Promise<readonly string[]> {
  const codes = await Promise.all(
    hooks.map(async (name) => (await tryControl(test, ['-n', namespace, 'get', 'configmap', name])).code),
  );
  return hooks.filter((_, index) => codes[index] === 0);
}

/** What the chart has noted on each of these pods; empty where it has not. */
export const notesOf = (
  test: TestCluster,
  { namespace }: TakenSet,
  pods: readonly string[],
): Promise<readonly string[]> =>
  Promise.all(
    pods.map(async (pod) =>
      asText(at(await read(test, '-n', namespace, 'pod', pod), 'metadata', 'annotations', noteKey)),
    ),
  );

async function writeChart(folder: string, set: JsonObject): Promise<void> {
  await mkdir(path.join(folder, 'templates'));
  const files = {
    'Chart.yaml': 'apiVersion: v2\nname: members\nversion: 1.0.0\n',
    'values.yaml': "note: ''\nhooks: false\n",
    'templates/members.yaml': statefulSetTemplate(set),
    'templates/hooks.yaml': `{{ if .Values.hooks }}\n${hooks.map(hookTemplate).join('---\n')}{{ end }}\n`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
}

/** The StatefulSet as a chart has it: an update strategy is named, as in most charts, without a partition. */
function statefulSetTemplate({ apiVersion, kind, metadata, spec }: JsonObject): string {
  const template = asObject(at(spec, 'template'));
  const wanted = {
    apiVersion,
    kind,
    metadata: { name: asText(at(metadata, 'name')), labels: at(metadata, 'labels') ?? {} },
    spec: {
      ...asObject(spec),
      updateStrategy: { type: 'RollingUpdate' },
      template: { ...template, metadata: { ...asObject(at(template, 'metadata')), annotations: PLACEHOLDER } },
    },
  };
  // JSON is YAML: one line of it, with the one place that differs between revisions.
  return JSON.stringify(wanted).replace(
    JSON.stringify(PLACEHOLDER),
    `{ {{ with .Values.note }}${JSON.stringify(noteKey)}: {{ . | quote }}{{ end }} }`,
  );
}

const PLACEHOLDER = 'annotations of this revision';

const hookTemplate = (name: (typeof hooks)[number]): string => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  annotations:
    helm.sh/hook: ${events[name]}
    helm.sh/hook-delete-policy: before-hook-creation
`;

const setPartition = (test: TestCluster, taken: TakenSet, partition: number): Promise<string> => {
  const patch = { spec: { updateStrategy: { rollingUpdate: { partition } } } };
  return inNamespace(test, taken, 'patch', 'statefulset', taken.set, '-p', JSON.stringify(patch));
};

/** Helm's own removal would delete the members: only what it has written of the release goes. */
async function forget(test: TestCluster, taken: TakenSet): Promise<void> {
  await inNamespace(test, taken, 'delete', 'secrets', '-l', `owner=helm,name=${taken.release}`, '--ignore-not-found');
  await inNamespace(test, taken, 'delete', 'configmaps', ...hooks, '--ignore-not-found');
  await inNamespace(test, taken, 'label', 'statefulset', taken.set, 'app.kubernetes.io/managed-by-');
  const annotations = ['release-name', 'release-namespace'].map((field) => `meta.helm.sh/${field}-`);
  await inNamespace(test, taken, 'annotate', 'statefulset', taken.set, ...annotations);
}

const inNamespace = (test: TestCluster, { namespace }: TakenSet, ...args: string[]): Promise<string> =>
  control(test, '-n', namespace, ...args);
