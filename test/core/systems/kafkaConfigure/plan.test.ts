import { describe, expect, test } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan } from '#core/operations/model.ts';
import { configureRefusal } from '#core/systems/kafka/operations/configure/planConfigure.ts';
import { byFile, Scene } from './scene.ts';

const notHolding = ({ preconditions }: Plan): readonly (readonly [string, string])[] =>
  preconditions.filter(({ state }) => state !== 'holds').map(({ id, state }) => [id, state] as const);
const titles = ({ steps }: Plan): readonly string[] => steps.map(({ title }) => title);
const evidence = ({ preconditions }: Plan, id: string): readonly string[] =>
  preconditions.find((one) => one.id === id)?.evidence ?? [];

describe('a plan for settings', () => {
  test('that can be changed at once has one step for all of them, and restarts nobody', async () => {
    const plan = await new Scene().plan({ 'log.retention.ms': '1000', 'max.connections': '50' });
    expect(titles(plan)).toEqual(['Set for all brokers: log.retention.ms=1000, max.connections=50']);
    expect(notHolding(plan)).toEqual([]);
    expect(plan.needsTypedName).toBe(false);
    expect(evidence(plan, 'settings')[0]).toBe(
      'log.retention.ms becomes 1000 at once for all brokers; now 604800000 (the default)',
    );
    expect(plan.steps[0]?.undo).toBe('take away again log.retention.ms, max.connections');
    expect(plan.steps[0]?.effect).toContain('take log.retention.ms=1000, max.connections=50 at once');
    expect(plan.risks.join()).toContain('wins over the file');
  });

  test('of one broker is set there only', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'log.retention.ms': '1000' }, 'kafka-2');
    expect(titles(plan)).toEqual(['Set for broker 2: log.retention.ms=1000']);
    await expect(scene.plan({ 'log.retention.ms': '1' }, 'kafka-9')).rejects.toThrow('There is no node kafka-9.');
  });

  test('that brokers take one by one only, though nobody said so', async () => {
    const plan = await new Scene().plan({ 'cordoned.log.dirs': '*' });
    expect(titles(plan)).toEqual([0, 1, 2].map((id) => `Set for broker ${id}: cordoned.log.dirs=*`));
  });

  test('of a pool of threads goes there in steps that brokers take', async () => {
    const plan = await new Scene().plan({ 'num.io.threads': '40', 'log.retention.ms': '7' });
    expect(titles(plan)).toEqual([
      'Set for all brokers: num.io.threads=16, log.retention.ms=7',
      'Set for all brokers: num.io.threads=32',
      'Set for all brokers: num.io.threads=40',
    ]);
    expect(plan.steps[2]?.undo).toBe('back to num.io.threads=32');
  });

  test('takes away what would hide the value for all, and says so', async () => {
    const scene = new Scene();
    scene.brokers.own.get(1)?.set('log.retention.ms', '5');
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    expect(titles(plan)).toEqual([
      'Set for all brokers: log.retention.ms=1000',
      'Set for broker 1: without log.retention.ms',
    ]);
    expect(evidence(plan, 'own-values')).toEqual(['Broker 1 has log.retention.ms=5 of its own, which is taken away']);
  });

  test('says when the file says something else, which will not count', async () => {
    const scene = new Scene();
    for (const file of scene.brokers.files.values()) file.set('log.retention.ms', '77');
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    expect(notHolding(plan)).toEqual([['file', 'warns']]);
    expect(evidence(plan, 'settings')[0]).toContain('now 77 (from its file)');
  });

  test('that only a restart changes writes the file, then restarts every broker safely', async () => {
    const plan = await new Scene().plan({ 'num.partitions': '6', 'default.replication.factor': '3' });
    expect(titles(plan)).toEqual([
      'Write into server.properties in ConfigMap kafka-settings: num.partitions=6, default.replication.factor=3',
      'Restart kafka-2 (broker 2)',
      'Restart kafka-1 (broker 1)',
      'Restart kafka-0 (broker 0)',
    ]);
    expect(notHolding(plan)).toEqual([]);
    expect(plan.preconditions.map(({ id }) => id)).toEqual(expect.arrayContaining(['copies', 'eviction', 'written']));
    expect(new Set(plan.preconditions.map(({ id }) => id)).size).toBe(plan.preconditions.length);
    expect(plan.steps[0]?.undo).toContain('num.partitions=1, without default.replication.factor');
    expect(JSON.stringify(plan)).not.toContain('hidden');
  });

  test('of which nothing is left to do is none', async () => {
    const scene = new Scene();
    await expect(scene.plan({ 'log.retention.ms': '604800000' })).rejects.toThrow('every broker has this value');
    await expect(scene.plan({ 'num.partitions': '1' })).rejects.toThrow('Nothing is to be done');
    await expect(scene.plan({ 'log.retention.ms': null })).rejects.toThrow('it is not set anywhere');
    await expect(scene.plan({ 'no.such.name.anywhere': null })).rejects.toThrow('no broker knows it');
    await expect(scene.plan({})).rejects.toThrow('No setting is to be changed.');
  });

  test('takes away at runtime what was set at runtime, and in the file what was written there', async () => {
    const scene = new Scene();
    scene.brokers.all.set('log.retention.ms', '5');
    const plan = await scene.plan({ 'log.retention.ms': null });
    expect(titles(plan)).toEqual(['Set for all brokers: without log.retention.ms']);
    expect(plan.steps[0]).toMatchObject({
      effect: 'the running brokers do without log.retention.ms at once; none is restarted',
      undo: 'back to log.retention.ms=5',
    });
    // Nothing is left that could win over the file.
    expect(plan.risks).toEqual([]);
    const both = await scene.plan({ 'log.retention.ms': null, 'max.connections': '50' });
    expect(both.steps[0]).toMatchObject({
      effect: 'the running brokers take max.connections=50 and do without log.retention.ms at once; none is restarted',
      undo: 'back to log.retention.ms=5, take away again max.connections',
    });
    expect(both.risks).toHaveLength(1);
    scene.brokers.all.clear();
    for (const file of scene.brokers.files.values()) file.set('log.retention.ms', '77');
    const [first] = titles(await scene.plan({ 'log.retention.ms': null }));
    expect(first).toBe('Write into server.properties in ConfigMap kafka-settings: without log.retention.ms');
  });

  test.each([
    ['a secret by its name', { 'ssl.keystore.password': 'geheim' }, undefined, 'ssl.keystore.password is a secret'],
    ['what a broker calls sensitive', { 'some.plugin.token': 'geheim' }, undefined, 'some.plugin.token is a secret'],
    ['who a node is', { 'node.id': '4' }, undefined, 'node.id says who a node is'],
    ['a value brokers do not take', { 'log.retention.ms': 'soon' }, undefined, 'INVALID_CONFIG: Invalid value soon'],
    [
      'a name with a slip in it',
      { 'log.retension.ms': '5' },
      undefined,
      'log.retension.ms is not known to these brokers',
    ],
    ['a name of another release', { 'zookeeper.session.timeout.ms': '5' }, undefined, 'zookeeper.session.timeout.ms'],
    ['a restart for one broker', { 'num.partitions': '9' }, 'kafka-1', 'written in one place for all brokers'],
  ])('refuses %s', async (_, settings, member, why) => {
    const plan = await new Scene().plan(settings, member);
    expect(plan.steps).toEqual([]);
    expect(evidence(plan, 'refused').join()).toContain(why);
    expect(JSON.stringify(plan)).not.toContain('geheim');
  });

  test('points to the name that was meant', async () => {
    const plan = await new Scene().plan({ 'log.retension.ms': '5' });
    expect(plan.preconditions.find(({ id }) => id === 'refused')?.fix).toContain('Did you mean log.retention.ms?');
  });

  test('asks consent for what may lock people out, and for names that only a plug-in knows', async () => {
    const scene = new Scene();
    expect(notHolding(await scene.plan({ 'super.users': 'User:a' }))).toEqual([['delicate', 'consent']]);
    const plan = await scene.plan({ 'org.example.flavour': 'mild' });
    expect(notHolding(plan)).toEqual([['unknown', 'consent']]);
    expect(titles(plan)[0]).toContain('org.example.flavour=mild');
    expect(plan.needsTypedName).toBe(true);
  });

  test('says who may not change settings', async () => {
    const scene = new Scene();
    scene.brokers.other = (_, api) =>
      api === 'IncrementalAlterConfigs'
        ? { resources: [{ type: 4, name: '', errorCode: 31, message: '' }] }
        : undefined;
    const plan = await scene.plan({ 'log.retention.ms': '5' });
    expect(plan.preconditions.find(({ id }) => id === 'refused')?.fix).toBe(
      'Give the principal AlterConfigs on the cluster.',
    );
  });

  test('fails when a broker does not tell, and warns when a restart is all that is wanted', async () => {
    const scene = new Scene();
    scene.brokers.silent.add(1);
    expect(notHolding(await scene.plan({ 'log.retention.ms': '5' }))).toEqual([['registered', 'fails']]);
    expect(notHolding(await scene.plan({ 'num.partitions': '5' }))).toContainEqual(['registered', 'warns']);
    for (const id of [0, 1, 2]) scene.brokers.silent.add(id);
    await expect(scene.plan({ 'num.partitions': '5' })).rejects.toThrow(ClusterProblem);
  });

  test('changes nothing', async () => {
    const scene = new Scene();
    await scene.plan({ 'num.partitions': '6', 'log.retention.ms': '1' });
    expect(scene.brokers.changes).toEqual([]);
    expect(scene.cluster.writes.every(({ options }) => options.dryRun === true)).toBe(true);
    expect(scene.evicted).toEqual([]);
  });
});

describe('where a setting is written', () => {
  const env = (entry: object): object => ({ ...byFile, container: { env: [entry] } });

  test('a key of a ConfigMap that becomes a variable', async () => {
    const container = { envFrom: [{ configMapRef: { name: 'kafka-settings' } }] };
    const scene = new Scene({ container, configMap: { data: { KAFKA_NUM_PARTITIONS: '1', KAFKA_LOG_DIRS: '/data' } } });
    const plan = await scene.plan({ 'num.partitions': '6', 'default.replication.factor': '3' });
    expect(titles(plan)[0]).toBe('Write into ConfigMap kafka-settings: num.partitions=6, default.replication.factor=3');
    expect(plan.steps[0]?.parameters['keys']).toEqual(['KAFKA_NUM_PARTITIONS', 'KAFKA_DEFAULT_REPLICATION_FACTOR']);
  });

  test.each([
    [
      'a Secret',
      env({ name: 'KAFKA_NUM_PARTITIONS', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }),
      'is filled from elsewhere',
    ],
    [
      'the command',
      { container: { command: ['kafka-server-start.sh', 's', '--override', 'num.partitions=1'] } },
      'by the command',
    ],
    ['nowhere', { container: { command: ['kafka-server-start.sh'] } }, 'no file of settings was found'],
  ])('%s is left alone', async (_, options, why) => {
    const plan = await new Scene(options).plan({ 'num.partitions': '6' });
    expect(plan.steps).toEqual([]);
    expect(evidence(plan, 'places').join()).toContain(why);
  });

  test('a variable of the template: its StatefulSet is held before and released after', async () => {
    const plan = await new Scene(env({ name: 'KAFKA_NUM_PARTITIONS', value: '1' })).plan({ 'num.partitions': '6' });
    expect(plan.steps.map(({ id }) => id)).toEqual([
      'hold-kafka',
      'template-kafka',
      'kafka-2',
      'kafka-1',
      'kafka-0',
      'restore-kafka',
    ]);
    expect(notHolding(plan)).toEqual([]);
    expect(plan.steps[1]?.undo).toContain('num.partitions=1');
    expect(plan.steps[2]?.parameters).toMatchObject({ kind: 'restart-held', workload: 'kafka', revision: '' });
  });

  test('a template that may not be changed fails, and one that Argo CD keeps needs consent', async () => {
    const options = env({ name: 'KAFKA_NUM_PARTITIONS', value: '1' });
    const scene = new Scene(options);
    scene.cluster.isForbidden = ({ verb, resource }) => verb === 'patch' && resource === 'statefulsets';
    expect(notHolding(await scene.plan({ 'num.partitions': '6' }))).toEqual([['template-change', 'fails']]);
    const annotations = { 'argocd.argoproj.io/tracking-id': 'shop' };
    const argo = await new Scene({ ...options, annotations }).plan({ 'num.partitions': '6' });
    expect(notHolding(argo)).toEqual([['kept', 'consent']]);
  });

  test('a ConfigMap that others keep, a sum in the template, and who restarts pods for it are noticed', async () => {
    const metadata = { name: 'kafka-settings', namespace: 'prod' };
    const helm = await new Scene({
      ...byFile,
      template: { annotations: { 'checksum/configuration': '12ab' } },
      configMap: { metadata: { ...metadata, annotations: { 'meta.helm.sh/release-name': 'shop' } } },
    }).plan({ 'num.partitions': '6' });
    expect(notHolding(helm)).toEqual([
      ['kept', 'warns'],
      ['checksums', 'warns'],
    ]);
    const argo = await new Scene({
      ...byFile,
      annotations: { 'reloader.stakater.com/auto': 'true' },
      configMap: { metadata: { ...metadata, annotations: { 'argocd.argoproj.io/tracking-id': 'shop' } } },
    }).plan({ 'num.partitions': '6' });
    expect(notHolding(argo)).toEqual([
      ['kept', 'consent'],
      ['reloader', 'fails'],
    ]);
  });

  test('a ConfigMap that may not be changed fails', async () => {
    const scene = new Scene();
    scene.cluster.isForbidden = ({ verb, resource }) => verb === 'patch' && resource === 'configmaps';
    expect(notHolding(await scene.plan({ 'num.partitions': '6' }))).toEqual([['written', 'fails']]);
  });
});

test('clusters of operators are changed in their own resource', () => {
  const data = new Scene().data();
  expect(configureRefusal(data)).toBeUndefined();
  expect(configureRefusal({ ...data, flavour: 'strimzi' })).toContain('spec.kafka.config of the Kafka resource');
});
