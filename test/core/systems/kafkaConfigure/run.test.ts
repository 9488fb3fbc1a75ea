import { describe, expect, test } from 'vitest';
import { objectsOf, valueAt } from '#core/json.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { readJournalOf } from '#core/operations/configMapJournal.ts';
import { wishesToUndo } from '#core/systems/kafka/operations/configure/undoConfigure.ts';
import { Scene } from './scene.ts';

describe('settings that are changed at once', () => {
  test('are read back from every broker, with the values of before in the report', async () => {
    const scene = new Scene();
    scene.brokers.own.get(1)?.set('log.retention.ms', '5');
    const record = await scene.run(await scene.plan({ 'log.retention.ms': '1000' }));
    expect(record.state).toEqual({ kind: 'done' });
    expect(scene.brokers.all.get('log.retention.ms')).toBe('1000');
    expect(scene.brokers.own.get(1)?.size).toBe(0);
    expect(record.steps[1]?.notes).toEqual([
      'log.retention.ms: 5 before, not set now; broker 1 has 1000 (set at runtime for all brokers)',
    ]);
    expect(scene.evicted).toEqual([]);
  });

  test('come to a pool of threads in steps, and a run that was left on the way goes on there', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'num.io.threads': '40' });
    const first = await scene.run(plan);
    expect(scene.brokers.changes.map(({ configs }) => configs[0]?.['value'])).toEqual(['16', '32', '40']);
    // Everything is done; whoever resumes an old journal does nothing.
    const again = await scene.run(plan, { ...first, steps: first.steps.slice(0, 1), state: { kind: 'running' } });
    expect(again.state).toEqual({ kind: 'done' });
    expect(scene.brokers.changes.length).toBe(3);
  });

  test('whose answer is lost are not set twice', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    let lost = 0;
    const usual = scene.brokers.request.bind(scene.brokers);
    scene.brokers.request = async (nodeId, api, body) => {
      const answer = await usual(nodeId, api, body);
      if (api !== 'IncrementalAlterConfigs' || lost > 0) return answer;
      lost += 1;
      throw new ClusterProblem('server', 'the connection was reset');
    };
    const record = await scene.run(plan);
    expect(record.state).toEqual({ kind: 'done' });
    expect(scene.brokers.changes.length).toBe(1);
  });

  test('wait for the broker that hears of them last', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    scene.brokers.late.set(2, new Map(scene.brokers.all));
    scene.clock.after(60_000, () => scene.brokers.late.clear());
    const record = await scene.run(plan);
    expect(record.state).toEqual({ kind: 'done' });
    const waited = scene.heard.flatMap((one) => (one.kind === 'waiting' ? [one.waitingFor] : []));
    expect(waited).toContain('broker 2 to take the new values');
    expect(scene.brokers.changes.length).toBe(1);
  });

  test('are put back when the run is cancelled while they are awaited', async () => {
    const scene = new Scene();
    scene.brokers.all.set('log.retention.ms', '5');
    const plan = await scene.plan({ 'log.retention.ms': '1000', 'max.connections': '9' });
    scene.brokers.late.set(2, new Map(scene.brokers.all));
    const control: { wish: 'run' | 'cancel' } = { wish: 'run' };
    scene.clock.after(30_000, () => (control.wish = 'cancel'));
    const record = await scene.run(plan, undefined, control);
    expect(record.state).toEqual({ kind: 'cancelled' });
    expect([...scene.brokers.all]).toEqual([['log.retention.ms', '5']]);
    expect(record.steps[0]?.notes).toEqual(['Put back: log.retention.ms=5, without max.connections']);
  });

  test('that somebody else has changed meanwhile are left alone', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    scene.brokers.all.set('log.retention.ms', '7');
    const record = await scene.run(plan);
    expect(record.state).toMatchObject({ kind: 'stopped', fix: 'Make a new plan for what is there now.' });
    expect(scene.brokers.all.get('log.retention.ms')).toBe('7');
  });

  test('that the brokers refuse after all end the run', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    scene.brokers.other = (_, api) =>
      api === 'IncrementalAlterConfigs' ? { resources: [{ errorCode: 44, message: 'not on fridays' }] } : undefined;
    const record = await scene.run(plan);
    expect(record.state).toMatchObject({
      kind: 'stopped',
      reason: 'The brokers refuse log.retention.ms=1000: POLICY_VIOLATION: not on fridays',
    });
  });

  test('of another Kafka cluster stop it', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'log.retention.ms': '1000' });
    scene.brokers.clusterId = 'other';
    expect((await scene.run(plan)).state).toMatchObject({ kind: 'stopped' });
    expect(scene.brokers.changes).toEqual([]);
  });
});

describe('settings that need a restart', () => {
  test('are written, then every broker is restarted and tells them', async () => {
    const scene = new Scene();
    const record = await scene.run(await scene.plan({ 'num.partitions': '6', 'default.replication.factor': '3' }));
    expect(record.state).toEqual({ kind: 'done' });
    expect(scene.evicted).toEqual(['kafka-2', 'kafka-1', 'kafka-0']);
    expect(scene.properties()).toBe(
      'num.partitions=6\nsasl.jaas.config=org.example password="hidden"\ndefault.replication.factor=3\n',
    );
    const journal = await readJournalOf(scene.cluster, record.plan.target);
    expect(JSON.stringify(journal)).not.toContain('hidden');
    expect(journal?.current?.state).toEqual({ kind: 'done' });
  });

  test('and that a broker comes back without stop it there: the others are not restarted in vain', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'num.partitions': '6' });
    const usual = scene.cluster.evict.bind(scene.cluster);
    scene.cluster.evict = async (pod, options) => {
      await usual(pod, options);
      scene.brokers.files.get(Number(pod.name.at(-1)))?.set('num.partitions', '1');
    };
    const record = await scene.run(plan);
    expect(record.state).toMatchObject({
      kind: 'stopped',
      reason: 'Broker 2 is back and runs num.partitions=1: it reads its settings from elsewhere too.',
    });
    expect(scene.evicted).toEqual(['kafka-2']);
  });

  test('and a ConfigMap that was changed since keep it from starting', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'num.partitions': '6' });
    scene.cluster.put({
      ...scene.configMap(),
      data: { 'server.properties': 'num.partitions=4\n' },
    });
    const record = await scene.run(plan);
    expect(record.state).toMatchObject({
      kind: 'stopped',
      reason: 'Somebody has changed num.partitions in ConfigMap kafka-settings since the plan was made.',
    });
    expect(scene.evicted).toEqual([]);
  });

  test('and somebody who writes the ConfigMap at the same time loses nothing', async () => {
    const scene = new Scene();
    const plan = await scene.plan({ 'num.partitions': '6' });
    const usual = scene.cluster.mergePatch.bind(scene.cluster);
    let others = 0;
    scene.cluster.mergePatch = async (address, patch, options) => {
      if (address.plural === 'configmaps' && 'data' in patch && others === 0) {
        others += 1;
        const text = `${scene.properties()}# mine\n`;
        scene.cluster.put({ ...scene.configMap(), data: { 'server.properties': text } });
      }
      return usual(address, patch, options);
    };
    expect((await scene.run(plan)).state).toEqual({ kind: 'done' });
    expect(scene.properties()).toContain('num.partitions=6');
    expect(scene.properties()).toContain('# mine');
  });
});

describe('settings in the pod template', () => {
  const env = [
    { name: 'KAFKA_NUM_PARTITIONS', value: '1' },
    { name: 'KAFKA_HEAP_OPTS', value: '-Xmx1g' },
  ];
  const variables = (scene: Scene): unknown =>
    objectsOf(valueAt(scene.set(), 'spec', 'template', 'spec', 'containers'))[0]?.['env'];

  test('reach the pods by our restarts alone, and the update strategy is what it was', async () => {
    const scene = new Scene({ container: { env } });
    const record = await scene.run(await scene.plan({ 'num.partitions': '6', 'default.replication.factor': '3' }));
    expect(record.state).toEqual({ kind: 'done' });
    expect(scene.evicted).toEqual(['kafka-2', 'kafka-1', 'kafka-0']);
    expect(scene.strategies).toEqual(['OnDelete', 'RollingUpdate']);
    expect(scene.hasRolled).toBe(false);
    expect(variables(scene)).toMatchObject([
      { name: 'KAFKA_NODE_ID' },
      { name: 'KAFKA_NUM_PARTITIONS', value: '6' },
      { name: 'KAFKA_HEAP_OPTS', value: '-Xmx1g' },
      { name: 'KAFKA_DEFAULT_REPLICATION_FACTOR', value: '3' },
    ]);
  });

  test('are taken away, and come back by what undoes it', async () => {
    const scene = new Scene({ container: { env } });
    const record = await scene.run(await scene.plan({ 'num.partitions': '6' }));
    const [undo] = wishesToUndo(record);
    expect(undo).toEqual({ operation: 'configure', settings: { 'num.partitions': '1' } });
    expect((await scene.run(await scene.plan(undo?.settings ?? {}))).state).toEqual({ kind: 'done' });
    expect(scene.hasRolled).toBe(false);
    expect(scene.evicted.length).toBe(6);
  });

  test('of a run that is cancelled between two restarts leave it at OnDelete, and say so', async () => {
    const scene = new Scene({ container: { env } });
    const control: { wish: 'run' | 'cancel' } = { wish: 'run' };
    const usual = scene.cluster.evict.bind(scene.cluster);
    scene.cluster.evict = async (pod, options) => {
      await usual(pod, options);
      if (options?.dryRun !== true) control.wish = 'cancel';
    };
    const record = await scene.run(await scene.plan({ 'num.partitions': '6' }), undefined, control);
    expect(record.state).toEqual({ kind: 'cancelled' });
    expect(scene.evicted).toEqual(['kafka-2']);
    expect([scene.strategies, scene.hasRolled]).toEqual([['OnDelete'], false]);
    expect(record.steps.flatMap(({ notes }) => notes).join()).toContain('kafka stays at OnDelete');
  });

  test('are not written while somebody has put the strategy back', async () => {
    const scene = new Scene({ container: { env } });
    const plan = await scene.plan({ 'num.partitions': '6' });
    const usual = scene.cluster.mergePatch.bind(scene.cluster);
    scene.cluster.mergePatch = async (address, patch, options) => {
      const answer = await usual(address, patch, options);
      const isHold = valueAt(patch, 'spec', 'updateStrategy', 'type') === 'OnDelete' && options?.dryRun !== true;
      if (isHold)
        scene.clock.after(0, () => void usual(address, { spec: { updateStrategy: { type: 'RollingUpdate' } } }));
      return answer;
    };
    const record = await scene.run(plan);
    expect(record.state.kind).toBe('stopped');
    expect([scene.evicted, scene.hasRolled]).toEqual([[], false]);
    expect(variables(scene)).toMatchObject([{}, { value: '1' }, {}]);
  });
});
