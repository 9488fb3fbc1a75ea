import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JudgedCluster } from '#core/live/view.ts';
import { ensureSparkFiles, type SparkFiles } from '../bed/native/spark/files.ts';
import { asArray, asText, at, parseJson } from '../bed/json.ts';
import { sparkPlace } from '../bed/workloads/spark.ts';
import type { LiveContext } from './liveContext.ts';
import { control, type TestCluster } from './suite.ts';

const image = 'data-clusters.local/spark:bed';
/** The name by which spark-submit knows that there is no jar to bring: the class is mounted. Source: SparkLauncher.NO_RESOURCE. */
const NO_RESOURCE = 'spark-internal';
const mounts = { jars: '/opt/spark/jars', job: '/opt/spark/job' } as const;

export interface Application {
  readonly name: string;
  readonly executors: number;
  /** Rounds of a quarter of a second and more; then the code to end with. */
  readonly args: readonly string[];
  readonly conf?: Readonly<Record<string, string>>;
}

type Submitting = Pick<TestCluster, 'access'>;

/** Submits an application in cluster mode with the real spark-submit, and returns when its driver is asked for. */
export async function submit(test: Submitting, application: Application): Promise<void> {
  const files = await ensureSparkFiles();
  const folder = mkdtempSync(path.join(tmpdir(), 'data-clusters-spark-'));
  try {
    const authority = path.join(folder, 'ca.crt');
    const { server, certificate } = await serverOf(test);
    await writeFile(authority, Buffer.from(certificate, 'base64'));
    const { namespace, account } = sparkPlace;
    const token = (await control(test, '-n', namespace, 'create', 'token', account)).trim();
    const own = {
      'spark.kubernetes.authenticate.submission.oauthToken': token,
      'spark.kubernetes.authenticate.submission.caCertFile': authority,
      'spark.kubernetes.submission.waitAppCompletion': 'false',
    };
    await runSubmit(files, folder, server, { ...settings(files, application), ...own }, application);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runSubmit(
  { jars }: SparkFiles,
  folder: string,
  server: string,
  conf: Readonly<Record<string, string>>,
  { name, args }: Application,
): Promise<void> {
  // The file may not be read by others: it holds a token.
  const file = path.join(folder, 'spark.properties');
  const lines = Object.entries(conf).map(([key, value]) => `${key} ${value}\n`);
  await writeFile(file, lines.join(''), { mode: 0o600 });
  const target = ['--master', `k8s://${server}`, '--deploy-mode', 'cluster', '--name', name, '--properties-file', file];
  const java = [
    '-Xmx256m',
    '-XX:TieredStopAtLevel=1',
    '-cp',
    path.join(jars, '*'),
    'org.apache.spark.deploy.SparkSubmit',
  ];
  const child = spawn('java', [...java, ...target, '--class', 'Job', NO_RESOURCE, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`spark-submit ended with ${child.exitCode}:\n${said.slice(-3000)}`);
}

function settings(files: SparkFiles, { name, executors, conf = {} }: Application): Record<string, string> {
  const volumes = (['driver', 'executor'] as const).flatMap((role) =>
    (['jars', 'job'] as const).flatMap((volume): [string, string][] => {
      const prefix = `spark.kubernetes.${role}.volumes.hostPath.${volume}`;
      return [
        [`${prefix}.mount.path`, mounts[volume]],
        [`${prefix}.mount.readOnly`, 'true'],
        [`${prefix}.options.path`, files[volume]],
      ];
    }),
  );
  return {
    'spark.kubernetes.namespace': sparkPlace.namespace,
    'spark.kubernetes.container.image': image,
    'spark.kubernetes.authenticate.driver.serviceAccountName': sparkPlace.account,
    'spark.kubernetes.driver.pod.name': `${name}-driver`,
    'spark.kubernetes.driver.request.cores': '50m',
    'spark.kubernetes.executor.request.cores': '50m',
    'spark.executor.instances': String(executors),
    'spark.executor.memory': '480m',
    'spark.driver.memory': '480m',
    'spark.kubernetes.allocation.batch.delay': '500ms',
    // The API server refuses the driver's watch where etcd is too old to tell its progress (Debian's is), so the driver sees its pods by
    // asking alone. One that came and went between two questions it takes for one that still comes, for ten minutes.
    'spark.kubernetes.executor.apiPollingInterval': '1s',
    'spark.ui.enabled': 'false',
    ...Object.fromEntries(volumes),
    ...conf,
  };
}

async function serverOf(test: Submitting): Promise<{ readonly server: string; readonly certificate: string }> {
  const view = parseJson(await control(test, 'config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'));
  const [cluster] = asArray(at(view, 'clusters'));
  return {
    server: asText(at(cluster, 'cluster', 'server')),
    certificate: asText(at(cluster, 'cluster', 'certificate-authority-data')),
  };
}

/** What the product sees of an application by the name of its driver; undefined while it sees none. */
export const applicationOf = ({ watch }: LiveContext, name: string): JudgedCluster | undefined =>
  watch.view.clusters.find(
    ({ cluster }) => cluster.system === 'spark' && cluster.namespace === sparkPlace.namespace && cluster.name === name,
  );
