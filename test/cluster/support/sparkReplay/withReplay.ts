import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonObject as CoreObject } from '#core/json.ts';
import type { JudgedCluster } from '#core/live/view.ts';
import { fullCluster } from '../../bed/cluster.ts';
import { until } from '../../bed/commands.ts';
import { asObject, asText, at, type Json, type JsonObject } from '../../bed/json.ts';
import { applyObjects } from '../../bed/kubectl.ts';
import { forgetImageName, nameImage } from '../../bed/native/images/programImage.ts';
import { nodeMinor } from '../../bed/versions.ts';
import { withLiveContext, type LiveContext } from '../liveContext.ts';
import { runProgram, type ProgramRun } from '../program.ts';
import { control, read, readItems, tryControl, type TestCluster } from '../suite.ts';
import { withoutTimes } from '../tellings.ts';
import { ensureDefinitions } from './ownDefinitions.ts';
import { kinds, ReplayApi } from './replayApi.ts';
import { replaySparkOperators } from './replayedSparkOperator.ts';

/** By these names and images the product knows who is there. Inside is a program that does nothing: the replay acts for it. */
const operators = {
  kubeflow: { name: 'spark-operator-controller', image: 'data-clusters.local/spark-operator/controller:2.5.2' },
  apache: { name: 'spark-kubernetes-operator', image: 'data-clusters.local/spark-kubernetes-operator:1.0.0' },
} as const;

export type Operator = keyof typeof operators;

const idle = 'data-clusters.local/pause:bed';

/** A namespace of the real cluster in which the operators of Spark are replayed, and the product that looks at it. */
export class ReplayedSpark {
  readonly test: TestCluster;
  readonly live: LiveContext;
  readonly namespace: string;
  /** Everything that the product has said of each job, by its name: times left out and each once in a row. */
  readonly sentences: Map<string, string[]>;

  constructor(test: TestCluster, live: LiveContext, namespace: string, sentences: ReplayedSpark['sentences']) {
    this.test = test;
    this.live = live;
    this.namespace = namespace;
    this.sentences = sentences;
  }

  /** The same, whose figures go elsewhere. */
  noting(note: TestCluster['note']): ReplayedSpark {
    return new ReplayedSpark({ ...this.test, note }, this.live, this.namespace, this.sentences);
  }

  /** What the product says of a job now; empty while it does not see it. */
  said(name: string): string {
    const health = this.#judged().find(({ cluster }) => cluster.name === name)?.health;
    return health === undefined ? '' : `${health.level}: ${health.sentence}`;
  }

  untilSaid(name: string, pattern: RegExp, seconds = 120): Promise<string> {
    const ask = async (): Promise<string | false> => pattern.test(this.said(name)) && this.said(name);
    return until(`${name} to be told as ${String(pattern)}`, seconds, ask, 50).catch((error: unknown) => {
      throw new Error(`${String(error)} Told: ${this.said(name)}; before: ${this.sentences.get(name)?.join(' | ')}`);
    });
  }

  look(): void {
    for (const { cluster, health } of this.#judged()) {
      const text = withoutTimes(`${health.level}: ${health.sentence}`);
      const all = this.sentences.get(cluster.name) ?? [];
      if (all.at(-1) !== text) all.push(text);
      this.sentences.set(cluster.name, all);
    }
  }

  #judged(): readonly JudgedCluster[] {
    return this.live.watch.view.clusters.filter(({ cluster }) => cluster.namespace === this.namespace);
  }

  apply(...objects: readonly JsonObject[]): Promise<void> {
    const own = objects.map((object) => ({
      ...object,
      metadata: { ...asObject(object['metadata']), namespace: this.namespace },
    }));
    return applyObjects(this.test.access, own);
  }

  /** Makes a pod. */
  make(pod: CoreObject): Promise<void> {
    return new ReplayApi(this.live.cluster, this.namespace).create(kinds.pod, pod);
  }

  read(kind: string, name: string): Promise<JsonObject> {
    return read(this.test, '-n', this.namespace, kind, name);
  }

  list(kind: string, ...selector: readonly string[]): Promise<readonly Json[]> {
    return readItems(this.test, '-n', this.namespace, kind, ...selector);
  }

  async isThere(kind: string, name: string): Promise<boolean> {
    return (await tryControl(this.test, ['-n', this.namespace, 'get', kind, name])).code === 0;
  }

  /** Uids of the pods of a label that have not ended, by their names. */
  async pods(selector: string): Promise<ReadonlyMap<string, string>> {
    const pods = await this.list('pods', '-l', selector);
    return new Map(pods.map((pod) => [asText(at(pod, 'metadata', 'name')), asText(at(pod, 'metadata', 'uid'))]));
  }

  /** Runs a verb by the built command line, which is told that its losses are agreed to. */
  async run(verb: string, name: string, ...more: readonly string[]): Promise<ProgramRun> {
    const target = name.includes('/') ? name : `spark/${name}`;
    const consent = ['--confirm', name.split('/').at(-1) ?? '', '--yes', '-o', 'json'];
    const options = { access: this.test.access, limitSeconds: 240 };
    return runProgram(options, [verb, target, '-n', this.namespace, ...more, ...consent]);
  }

  /** The same with a manifest as its file. */
  async runWithFile(verb: string, name: string, manifest: JsonObject): Promise<ProgramRun> {
    const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-spark-'));
    try {
      const file = path.join(folder, 'job.json');
      writeFileSync(file, JSON.stringify(manifest));
      return await this.run(verb, name, '--file', file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** The Deployment that stands for an operator goes, or comes and is ready. */
  async operatorPods(operator: Operator, replicas: 0 | 1): Promise<void> {
    const { name } = operators[operator];
    const deployment = `deployment/${name}`;
    await control(this.test, '-n', this.namespace, 'scale', deployment, `--replicas=${replicas}`);
    await control(this.test, '-n', this.namespace, 'rollout', 'status', deployment, '--timeout=60s');
    await until(`${name} to have ${replicas} pods ready`, 30, async () => {
      const ready = at(await this.read('deployment', name), 'status', 'readyReplicas') ?? 0;
      return ready === replicas;
    });
  }
}

/** Prepares a namespace of its own, replays in it while the work lasts, and takes away everything that was made for it. */
export async function withReplayedSpark(
  test: TestCluster,
  namespace: string,
  work: (spark: ReplayedSpark) => Promise<void>,
): Promise<void> {
  const bed = fullCluster(nodeMinor);
  const images = Object.values(operators).map(({ image }) => image);
  const removeDefinitions = await ensureDefinitions(test);
  try {
    for (const image of images) await nameImage(bed, idle, image);
    await applyObjects(test.access, [namespaceOf(namespace), ...deploymentsOf(namespace)]);
    await withLiveContext(test, (live) => replayed(new ReplayedSpark(test, live, namespace, new Map()), work));
  } finally {
    // What holds objects by finalizers has been stopped; nothing but the replay would take them off.
    await tryControl(test, ['delete', 'namespace', namespace, '--ignore-not-found', '--wait=true', '--timeout=60s']);
    for (const image of images) await forgetImageName(bed, image);
    await removeDefinitions();
  }
}

async function replayed(spark: ReplayedSpark, work: (spark: ReplayedSpark) => Promise<void>): Promise<void> {
  const { live, namespace, test } = spark;
  const replay = replaySparkOperators(live.cluster, namespace);
  const listening = live.watch.onDidChange(() => spark.look());
  try {
    for (const { name } of Object.values(operators)) {
      await control(test, '-n', namespace, 'rollout', 'status', `deployment/${name}`, '--timeout=60s');
    }
    // What is being waited for will not come when it has broken off.
    await Promise.race([work(spark), replay.ended]);
  } finally {
    listening.stop();
    const loose = ['scheduledsparkapplications.sparkoperator.k8s.io', 'sparkapplications.sparkoperator.k8s.io'];
    const held = ['sparkapplications.spark.apache.org', 'sparkclusters.spark.apache.org'];
    const all = [...loose, 'sparkconnects.sparkoperator.k8s.io', ...held].join(',');
    await tryControl(test, ['-n', namespace, 'delete', all, '--all', '--wait=true', '--timeout=20s']);
    await replay.stop();
    await releaseAll(test, namespace, held);
  }
}

/** Nobody else would, if the replay has broken off. */
async function releaseAll(test: TestCluster, namespace: string, kinds: readonly string[]): Promise<void> {
  for (const kind of kinds) {
    const { stdout } = await tryControl(test, ['-n', namespace, 'get', kind, '-o', 'name']);
    for (const name of stdout.split('\n').filter(Boolean)) {
      const none = ['--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
      await tryControl(test, ['-n', namespace, 'patch', name, ...none]);
    }
  }
}

const namespaceOf = (name: string): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

function deploymentsOf(namespace: string): readonly JsonObject[] {
  return Object.values(operators).map(({ name, image }) => {
    const labels = { 'app.kubernetes.io/name': name };
    const container = { name, image, args: ['controller', 'start', `--namespaces=${namespace}`] };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: { terminationGracePeriodSeconds: 0, containers: [{ ...container, imagePullPolicy: 'Never' }] },
        },
      },
    };
  });
}
