import { describe, expect, it } from 'vitest';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import { sparkDeparture } from '#core/systems/spark/operations/nodeDrain/sparkDeparture.ts';
import { sparkLive } from '#core/systems/spark/live.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import type { NodeDrainWish } from '#core/operations/wishes.ts';
import { sparkOperations } from '#core/systems/spark/operations/index.ts';
import { driver, executor, inProd, JobCluster, resource } from './departingJobs.ts';
import { planDrain } from './nodeObjects.ts';

const checkOf = ({ preconditions }: Plan, id: string): Precondition | undefined =>
  preconditions.find((one) => one.id.endsWith(id));

const membersOf = ({ steps }: Plan): readonly (string | undefined)[] =>
  steps.map(({ id }) => id).filter((id) => id.startsWith('spark/'));

const byKubeflow = { 'sparkoperator.k8s.io/app-name': 'etl' };
const byApache = { 'spark.operator/spark-app-name': 'etl' };

const kubeflow = (spec: JsonObject = {}, status: JsonObject = {}): JsonObject =>
  resource('sparkoperator.k8s.io/v1beta2', 'SparkApplication', 'etl', {
    spec: { sparkVersion: '4.0.1', executor: { instances: 2 }, ...spec },
    status: { applicationState: { state: 'RUNNING' }, driverInfo: { podName: 'etl-driver' }, ...status },
  });

const hooked = (command: readonly string[], graceSeconds = 300): JsonObject => ({
  terminationGracePeriodSeconds: graceSeconds,
  containers: [{ name: 'spark-kubernetes-executor', image: 'x', lifecycle: { preStop: { exec: { command } } } }],
});

const confVolume = {
  volumes: [{ name: 'spark-conf-volume-driver', configMap: { name: 'spark-drv-1-conf-map' } }],
};

const conf = (lines: readonly string[]): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'spark-drv-1-conf-map', namespace: 'prod' },
  data: { 'spark.properties': ['#Java properties', ...lines].join('\n') },
});

/** Two executors and their driver on the node that is drained. */
function spark(...more: readonly JsonObject[]): JobCluster {
  const cluster = new JobCluster(sparkLive);
  cluster.put(kubeflow(), driver(byKubeflow, confVolume), executor(1, byKubeflow), executor(2, byKubeflow), ...more);
  return cluster;
}

async function decommissionOf(cluster: JobCluster): Promise<Precondition | undefined> {
  return checkOf(await cluster.plan({ unmovable: 'leave' }), '/decommission');
}

describe('executors on a node that is drained', () => {
  it('go one after the other; the driver is no step of theirs', async () => {
    const plan = await spark().plan({ unmovable: 'leave' });
    expect(membersOf(plan)).toEqual(['spark/prod/etl/etl-exec-1', 'spark/prod/etl/etl-exec-2']);
    expect(plan.parameters['left']).toEqual(['prod/etl-driver']);
    expect(plan.parts?.map(({ operation, target }) => [operation, target.key])).toEqual([['drain', 'spark/prod/etl']]);
  });

  it('lose what they hold where decommissioning is off, and the plan says what happens then', async () => {
    const found = await decommissionOf(spark(conf(['spark.app.name=etl'])));
    expect(found?.state).toBe('warns');
    expect(found?.evidence[0]).toContain(
      'prod/etl-exec-1, prod/etl-exec-2: decommissioning is off: cached blocks and shuffle files',
    );
    expect(found?.evidence.at(-1)).toBe('Read from the live pods and ConfigMap spark-drv-1-conf-map');
    expect(found?.fix).toContain('Set spark.decommission.enabled and spark.storage.decommission.enabled');
  });

  it('send their blocks to others where both settings are on and the hook is in the pod', async () => {
    const on = ['spark.decommission.enabled=true', 'spark.storage.decommission.enabled=true'];
    const hook = hooked(['/opt/decom.sh']);
    const found = await decommissionOf(
      spark(
        conf([...on, 'spark.executor.decommission.forceKillTimeout=2m']),
        executor(1, byKubeflow, hook),
        executor(2, byKubeflow, hook),
      ),
    );
    expect(found).toMatchObject({ state: 'holds' });
    expect(found?.evidence).toContain(
      'The driver ends it after 2m whatever is left (spark.executor.decommission.forceKillTimeout)',
    );
    expect(found?.evidence.join()).toContain('It has 300 s for that, its grace');
  });

  it('have hardly time for it with the grace that Kubernetes gives to all', async () => {
    const on = [
      'spark.decommission.enabled=true',
      'spark.storage.decommission.enabled=true',
      'spark.storage.decommission.shuffleBlocks.enabled=false',
    ];
    const hook = hooked(['/opt/decom.sh'], 30);
    const found = await decommissionOf(spark(conf(on), executor(1, byKubeflow, hook), executor(2, byKubeflow, hook)));
    expect(found?.state).toBe('warns');
    expect(found?.fix).toContain('Give executors more of it');
    expect(found?.evidence).toContain(
      'spark.storage.decommission.shuffleBlocks.enabled is false: those blocks are lost',
    );
  });

  it('are not decommissioned where a lifecycle of their own has replaced the hook', async () => {
    const on = ['spark.decommission.enabled=true', 'spark.storage.decommission.enabled=true'];
    const other = hooked(['sh', '-c', 'sleep 5']);
    const found = await decommissionOf(spark(conf(on), executor(1, byKubeflow, other), executor(2, byKubeflow, other)));
    expect(found?.state).toBe('warns');
    expect(found?.fix).toContain('Take the lifecycle off');
    expect(found?.evidence[0]).toContain('a lifecycle of its own has replaced it');
  });

  it('finish without their blocks where only decommissioning is on, as far as the settings can be read', async () => {
    const hook = hooked(['/opt/decom.sh']);
    const some = [executor(1, byKubeflow, hook), executor(2, byKubeflow, hook)];
    const read = await decommissionOf(spark(conf(['spark.decommission.enabled=true']), ...some));
    expect(read?.evidence[0]).toContain('spark.storage.decommission.enabled is not');
    const hidden = spark(conf(['spark.decommission.enabled=true']), ...some);
    hidden.isForbidden = ({ resource: what, verb }) => what === 'configmaps' && verb === 'get';
    expect(await decommissionOf(hidden)).toMatchObject({ state: 'unknown' });
    const written = spark(...some, kubeflow({ sparkConf: { 'spark.storage.decommission.enabled': 'true' } }));
    const found = await decommissionOf(written);
    expect(found).toMatchObject({ state: 'holds' });
    expect(found?.evidence.at(-1)).toBe('Read from the live pods and SparkApplication etl');
  });

  it('bring no login of the settings into the plan', async () => {
    const plan = await spark(
      conf(['spark.hadoop.fs.s3a.secret.key=hunter2', 'spark.decommission.enabled=true']),
    ).plan();
    expect(JSON.stringify(plan)).not.toContain('hunter2');
  });

  it('are said to depend on dynamic allocation where it is on', async () => {
    const plan = await spark(
      conf(['spark.dynamicAllocation.enabled=true', 'spark.dynamicAllocation.minExecutors=2']),
    ).plan();
    expect(plan.risks.join()).toContain('it keeps at least 2, and asks for more when tasks wait');
    expect(plan.parts?.[0]?.parameters['dynamic']).toBe(true);
  });
});

const lossOf = async (cluster: JobCluster): Promise<string> =>
  checkOf(await cluster.plan(), 'decisive')?.evidence.join('\n') ?? '';

describe('what a driver takes with it', () => {
  it.each<readonly [string, JsonObject, JsonObject, string]>([
    ['Never', { restartPolicy: { type: 'Never' } }, {}, 'Its restart policy is Never: it is not run again'],
    ['Always', { restartPolicy: { type: 'Always' } }, {}, 'it is run again from its beginning'],
    [
      'OnFailure',
      { restartPolicy: { type: 'OnFailure', onFailureRetries: 3 } },
      { executionAttempts: 2 },
      '2 of 3 retries left',
    ],
    [
      'OnFailure without any left',
      { restartPolicy: { type: 'OnFailure', onFailureRetries: 1 } },
      { executionAttempts: 2 },
      'Its 1 retry are used up: it is not run again',
    ],
  ])('of the Kubeflow operator under %s', async (_, spec, status, text) => {
    expect(await lossOf(spark(kubeflow(spec, status)))).toContain(text);
  });

  it('of the Apache operator, where an evicted driver is a failure', async () => {
    const cluster = new JobCluster(sparkLive);
    const apache = (restartPolicy: string): JsonObject =>
      resource('spark.apache.org/v1', 'SparkApplication', 'etl', {
        spec: { applicationTolerations: { restartConfig: { restartPolicy, maxRestartAttempts: 4 } } },
        status: {
          currentState: { currentStateSummary: 'RunningHealthy' },
          currentAttemptSummary: { attemptInfo: { id: 1, restartCounter: 1 } },
        },
      });
    cluster.put(apache('OnInfrastructureFailure'), driver(byApache));
    expect(await lossOf(cluster)).toContain('for which an evicted driver does not count: it is not run again');
    cluster.put(apache('OnFailure'));
    expect(await lossOf(cluster)).toContain('It is run again: 3 of 4 restarts left');
  });

  it('of nobody, where it was only submitted', async () => {
    const cluster = new JobCluster(sparkLive);
    cluster.put(driver(), executor(1));
    expect(await lossOf(cluster)).toContain('Nobody runs it again from here: whoever submitted it has to');
    const plan = await cluster.plan({ unmovable: 'leave' });
    expect(plan.parts?.[0]?.target.anchor).toMatchObject({ kind: 'Pod', name: 'etl-driver' });
  });

  it('is evicted only when the wish says so, and its executors end with it', async () => {
    const plan = await spark().plan({ unmovable: 'evict' });
    expect(membersOf(plan)).toEqual(['spark/prod/etl/etl-driver']);
    expect(plan.parts?.[0]?.steps[0]?.effect).toContain('that ends etl-exec-1, etl-exec-2 as well');
    expect([checkOf(plan, 'decisive')?.state, plan.needsTypedName]).toEqual(['consent', true]);
    for (const unmovable of ['refuse', 'leave', 'wait'] as const) {
      const { parts } = await spark().plan({ unmovable });
      const kinds = parts?.flatMap(({ steps }) => steps.map(({ parameters }) => parameters['kind']));
      expect(kinds).not.toContain('decisive');
    }
  });

  it('is told of as refused where a disruption budget never lets it go', async () => {
    const cluster = spark();
    cluster.onEvict = (pod) => {
      if (pod === 'prod/etl-driver') throw new ClusterProblem('busy', 'The budget etl-driver needs 1 healthy pod.');
    };
    expect(checkOf(await cluster.plan({ unmovable: 'evict' }), 'eviction')?.state).toBe('warns');
    expect(checkOf(await cluster.plan({ unmovable: 'leave' }), 'eviction')?.state).toBe('holds');
  });

  it('is nothing to ask about once the run has ended, as one that a sidecar keeps', async () => {
    const over = kubeflow({}, { applicationState: { state: 'COMPLETED' } });
    const plan = await spark(over).plan();
    expect(checkOf(plan, 'decisive')).toBeUndefined();
    expect(membersOf(plan)).toContain('spark/prod/etl/etl-driver');
  });

  it('cannot be named to the system without a word about it', async () => {
    const cluster = spark();
    const [data] = cluster.data();
    const raw = driver(byKubeflow);
    const live = decodePod(raw);
    if (!data || !live) throw new Error('no driver');
    const ports = { data, cluster, clock: new FakeClock(), id: 'x' };
    await expect(sparkDeparture.plan({ node: 'node-1', pods: [{ live, raw }] }, ports)).rejects.toThrow(
      'nobody has agreed',
    );
  });

  it('does not go by a plan whose wish was changed afterwards', async () => {
    const cluster = spark();
    const [part] = (await cluster.plan({ unmovable: 'evict' })).parts ?? [];
    const [step] = part?.steps ?? [];
    if (!part || !step) throw new Error('no part');
    const ports = { cluster, clock: new FakeClock() };
    const tampered = { ...part, parameters: { ...part.parameters, decisive: 'wait' } };
    const procedure = sparkDeparture.procedure(tampered, ports);
    expect(await procedure.gate({ step, memory: {} })).toMatchObject({ kind: 'stop' });
    expect(await procedure.act({ step, memory: {} })).toMatchObject({ kind: 'stop' });
    const asExecutor = { ...step, parameters: { ...step.parameters, kind: 'executor' } };
    expect(await procedure.act({ step: asExecutor, memory: {} })).toMatchObject({
      kind: 'stop',
      reason: 'etl-driver is no executor any more.',
    });
    expect(cluster.evicted).toEqual([]);
    expect(await sparkDeparture.procedure(part, ports).act({ step, memory: {} })).toEqual({ kind: 'acted' });
    expect(cluster.evicted).toEqual(['prod/etl-driver']);
  });
});

describe('an executor that has gone', () => {
  const running = async (
    cluster: JobCluster,
    before: number,
  ): Promise<Awaited<ReturnType<ReturnType<typeof sparkDeparture.procedure>['awaited']>>> => {
    const [part] = (await cluster.plan({ unmovable: 'leave' })).parts ?? [];
    const [step] = part?.steps ?? [];
    if (!part || !step) throw new Error('no part');
    cluster.remove('Pod', 'etl-exec-1', 'prod');
    return sparkDeparture.procedure(part, { cluster, clock: new FakeClock() }).awaited({ step, memory: { before } });
  };

  it('is awaited until as many run as before', async () => {
    expect(await running(spark(), 2)).toMatchObject({ kind: 'wait', waitingFor: '1 of 2 executors to be back' });
    expect(JSON.stringify(await running(spark(executor(3, byKubeflow)), 2))).toContain(
      '"yes","evidence":"2 executors run by their pods; the driver was not asked',
    );
  });

  it('is awaited until the driver counts the one that came instead', async () => {
    const cluster = spark(executor(3, byKubeflow));
    let ids: readonly string[] = ['driver', '2'];
    const paths: string[] = [];
    cluster.onHttp = () => ({
      request: async ({ path }) => {
        paths.push(path);
        const rows = path.endsWith('/executors') ? ids.map((id) => ({ id, isActive: true })) : [{ id: 'spark-1' }];
        return { status: 200, text: JSON.stringify(rows) };
      },
      stop: () => undefined,
    });
    expect(await running(cluster, 2)).toMatchObject({
      kind: 'wait',
      waitingFor: 'etl-exec-3 to register with the driver',
    });
    expect(paths).toEqual(['/api/v1/applications', '/api/v1/applications/spark-1/executors']);
    ids = ['driver', '2', '3'];
    cluster.put(executor(1, byKubeflow));
    expect(await running(cluster, 2)).toMatchObject({
      kind: 'yes',
      evidence: '2 executors run, and the driver counts them as its own',
    });
  });

  it('is not awaited when the application is over or its driver is gone', async () => {
    const ended = spark(kubeflow({}, { applicationState: { state: 'COMPLETED' } }));
    ended.put({ ...driver(byKubeflow), status: { phase: 'Succeeded' } });
    expect(await running(ended, 2)).toMatchObject({
      kind: 'yes',
      evidence: 'etl is COMPLETED: no other executor comes',
    });
  });

  it('is not awaited for long where dynamic allocation asks for no other', async () => {
    const cluster = spark(conf(['spark.dynamicAllocation.enabled=true']));
    const [part] = (await cluster.plan({ unmovable: 'leave' })).parts ?? [];
    const [step] = part?.steps ?? [];
    if (!part || !step) throw new Error('no part');
    cluster.remove('Pod', 'etl-exec-1', 'prod');
    const clock = new FakeClock();
    const procedure = sparkDeparture.procedure(part, { cluster, clock });
    const context = { step, memory: { before: 2 } };
    expect(await procedure.awaited(context)).toMatchObject({ kind: 'wait' });
    // Also for a run that goes on after it was killed: else the next one would go while this one is missing.
    expect(await procedure.isDone(context)).toBe(false);
    expect(await procedure.isDone({ step, memory: {} })).toBe(true);
    await clock.pass(31_000);
    expect(await procedure.awaited(context)).toMatchObject({
      kind: 'yes',
      evidence: 'no other was asked for within 30 s; dynamic allocation does that when tasks wait',
    });
    expect(await procedure.isDone(context)).toBe(true);
  });
});

describe('pods of jobs that are not known', () => {
  it('stay unless the wish says that such pods are evicted', async () => {
    const cluster = spark();
    const plan = async (unmovable: NodeDrainWish['unmovable']): Promise<Plan> =>
      planDrain(cluster, [], unmovable === undefined ? {} : { unmovable }, { spark: sparkOperations });
    const refused = await plan(undefined);
    expect(checkOf(refused, 'decisive')).toMatchObject({ state: 'fails' });
    expect(checkOf(refused, 'decisive')?.evidence).toEqual([
      expect.stringContaining('prod/etl-driver: its labels say that it is of a job'),
    ]);
    const evictedBy = ({ steps }: Plan): readonly string[] =>
      steps.map(({ id }) => id).filter((id) => id.startsWith('pod/'));
    const executors = ['pod/prod/etl-exec-1', 'pod/prod/etl-exec-2'];
    for (const unmovable of ['refuse', 'leave', 'wait'] as const) {
      const made = await plan(unmovable);
      expect(evictedBy(made)).toEqual(executors);
      expect(made.parameters['left']).toEqual(['prod/etl-driver']);
    }
    const evicting = await plan('evict');
    expect(evictedBy(evicting)).toEqual(['pod/prod/etl-driver', ...executors]);
    expect(evicting.needsTypedName).toBe(true);
  });
});

const setOf = (role: 'master' | 'worker'): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: {
    name: `pool-${role}`,
    namespace: 'prod',
    ownerReferences: [
      { apiVersion: 'spark.apache.org/v1', kind: 'SparkCluster', name: 'pool', uid: 'uid-pool', controller: true },
    ],
  },
  spec: {
    replicas: 1,
    selector: { matchLabels: { 'spark-role': role } },
    template: {
      metadata: { labels: { 'spark-role': role } },
      spec: { containers: [{ name: role, image: 'apache/spark' }] },
    },
  },
  status: { replicas: 1 },
});

describe('other members of Spark', () => {
  it('are decisive, but for workers, which come back under their names', async () => {
    const cluster = new JobCluster(sparkLive);
    const label = { 'spark.operator/spark-cluster-name': 'pool' };
    cluster.put(
      resource('spark.apache.org/v1', 'SparkCluster', 'pool', {
        status: { currentState: { currentStateSummary: 'RunningHealthy' } },
      }),
      inProd('pool-master-0', { labels: { ...label, 'spark-role': 'master' }, owner: 'StatefulSet' }),
      inProd('pool-worker-0', { labels: { ...label, 'spark-role': 'worker' }, owner: 'StatefulSet' }),
    );
    cluster.put(setOf('master'), setOf('worker'));
    const plan = await cluster.plan({ unmovable: 'leave' });
    expect(plan.parts?.[0]?.steps.map(({ id, parameters }) => [id, parameters['kind']])).toEqual([
      ['pool-worker-0', 'replica'],
    ]);
    expect(checkOf(plan, 'decisive')?.evidence[0]).toContain('the master: no application starts while it is away');
    expect(checkOf(plan, '/workers')?.state).toBe('warns');
  });
});
