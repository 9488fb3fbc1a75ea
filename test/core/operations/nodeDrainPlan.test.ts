import { describe, expect, it } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';
import type { Plan, Precondition } from '#core/operations/model.ts';
import { readRunRecord } from '#core/operations/readRecord.ts';
import { describePlan } from '#core/operations/report.ts';
import { dataCluster, node, NodeCluster, nodePod, planDrain } from './nodeObjects.ts';

const checkOf = ({ preconditions }: Plan, id: string): Precondition | undefined =>
  preconditions.find((one) => one.id === id);

const verdicts = ({ preconditions }: Plan): readonly string[] =>
  preconditions.filter(({ state }) => state !== 'holds').map(({ id, state }) => `${id} ${state}`);

const idsOf = ({ steps }: Plan): readonly string[] => steps.map(({ id }) => id);

const inProd = { namespace: 'prod' };

describe('the plan of a node drain', () => {
  it('takes brokers of all data clusters, then nodes that are only controllers, then other pods', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('orders-0', inProd), nodePod('orders-4', inProd), nodePod('audit-1', inProd));
    cluster.put(nodePod('web-b'), nodePod('web-a', { namespace: 'apps' }));
    const orders = dataCluster('orders', { roles: ['controller', 'controller', 'controller', 'broker', 'broker'] });
    const plan = await planDrain(cluster, [orders, dataCluster('audit')]);
    expect(verdicts(plan)).toEqual([]);
    expect(idsOf(plan)).toEqual([
      'cordon',
      'kafka/prod/audit/audit-1',
      'kafka/prod/orders/orders-4',
      'kafka/prod/orders/orders-0',
      'pod/apps/web-a',
      'pod/default/web-b',
      'verify',
    ]);
    expect(plan.parts?.map(({ id, target, steps }) => [id, target.key, steps.map((step) => step.id)])).toEqual([
      ['plan.1', 'kafka/prod/audit', ['audit-1']],
      ['plan.2', 'kafka/prod/orders', ['orders-0', 'orders-4']],
    ]);
    expect(plan.target).toMatchObject({ namespace: 'prod', name: 'node-1', key: 'kubernetes/node-1' });
    expect(plan.preconditions.map(({ id }) => id)).toContain('kafka/prod/audit/in-sync');
    expect(plan.needsTypedName).toBe(false);
  });

  it('leaves a controller that is not ready where its system has put it: the others wait for it', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('orders-0', { ...inProd, isReady: false }), nodePod('orders-3', inProd));
    const orders = dataCluster('orders', { roles: ['controller', 'controller', 'controller', 'broker'] });
    expect(idsOf(await planDrain(cluster, [orders])).slice(1, -1)).toEqual([
      'kafka/prod/orders/orders-0',
      'kafka/prod/orders/orders-3',
    ]);
  });

  it('keeps steps around the members in their place, which tell a controller to hold back', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('held-0', inProd), nodePod('held-3', inProd));
    const held = dataCluster('held', { roles: ['controller', 'controller', 'controller', 'broker'] });
    const plan = await planDrain(cluster, [held]);
    expect(plan.steps.slice(1, -1).map(({ id, member }) => [id, member])).toEqual([
      ['kafka/prod/held/hold', undefined],
      ['kafka/prod/held/held-3', 'held-3'],
      ['kafka/prod/held/held-0', 'held-0'],
      ['kafka/prod/held/release', undefined],
    ]);
    expect(plan.steps[1]?.gate).toBe('always');
  });

  it('a system that restarts all or none moves no single member', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('whole-0', inProd));
    const plan = await planDrain(cluster, [dataCluster('whole')], { unmovable: 'leave' });
    expect(idsOf(plan)).toEqual(['cordon', 'verify']);
    expect(checkOf(plan, 'members')?.evidence).toEqual([
      'prod/whole-0 of Kafka prod/whole: All of whole are restarted or none.',
    ]);
    expect(verdicts(await planDrain(cluster, [dataCluster('whole')]))).toEqual(['members fails']);
  });

  it('can be read again from its journal, parts and all', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('orders-0', inProd), nodePod('web'));
    const plan = await planDrain(cluster, [dataCluster('orders')]);
    const record = { plan, state: { kind: 'running' }, startedAt: 1, runner: 'somebody', steps: [] };
    expect(readRunRecord(JSON.parse(JSON.stringify(record)))?.plan).toEqual(plan);
  });

  it('leaves pods of DaemonSets, static pods and ended pods, and says so', async () => {
    const cluster = new NodeCluster();
    cluster.put(
      nodePod('agent', { owner: 'DaemonSet' }),
      nodePod('static', { owner: 'Node', annotations: { 'kubernetes.io/config.mirror': 'x' } }),
      nodePod('ended', { owner: 'Job', phase: 'Succeeded' }),
      nodePod('elsewhere', { node: 'node-2' }),
    );
    const plan = await planDrain(cluster);
    expect(idsOf(plan)).toEqual(['cordon', 'verify']);
    expect(plan.target.namespace).toBe('default');
    expect(checkOf(plan, 'stays')?.evidence).toEqual([
      'default/agent: of DaemonSets, which would start them again',
      'default/static: static pods, which the node starts from files',
      'default/ended: that have ended',
    ]);
  });

  it('refuses while members are there that cannot be moved, or leaves them when that is wanted', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('ring-0', inProd), nodePod('ledger-0', inProd), nodePod('ledger-3', inProd));
    const roles = ['broker', 'broker', 'broker', 'companion'] as const;
    const clusters = [
      dataCluster('ring', { system: 'cassandra', roles: ['node', 'node', 'node'] }),
      dataCluster('ledger', { flavour: 'strimzi', roles }),
    ];
    const refused = await planDrain(cluster, clusters);
    expect(verdicts(refused)).toEqual(['members fails']);
    expect(checkOf(refused, 'members')?.evidence).toEqual([
      'prod/ring-0 of Cassandra prod/ring: Members of Cassandra cannot be moved safely from here yet.',
      'prod/ledger-0 of Kafka prod/ledger: ledger is run by an operator.',
    ]);
    const left = await planDrain(cluster, clusters, { unmovable: 'leave' });
    expect(verdicts(left)).toEqual(['members warns']);
    // A companion holds no data and goes like any pod; members never do.
    expect(idsOf(left)).toEqual(['cordon', 'pod/prod/ledger-3', 'verify']);
    expect(left.parameters['left']).toEqual(['prod/ring-0', 'prod/ledger-0']);
  });

  it('tells of a data cluster that cannot be planned beside everything else', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('broken-0', inProd), nodePod('orders-0', inProd));
    const plan = await planDrain(cluster, [dataCluster('broken'), dataCluster('orders')]);
    expect(verdicts(plan)).toEqual(['kafka/prod/broken/plan fails']);
    expect(idsOf(plan)).toEqual(['cordon', 'kafka/prod/orders/orders-0', 'verify']);
  });

  it('wants consent for what is lost for good, and refuses to lose scratch data unasked', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('bare', { owner: '' }), nodePod('cache', { spec: { volumes: [{ name: 'c', emptyDir: {} }] } }));
    const kept = await planDrain(cluster);
    expect(verdicts(kept)).toEqual(['empty-dir fails', 'controlled consent']);
    expect(checkOf(kept, 'empty-dir')?.evidence).toEqual(['What is in the emptyDir of default/cache is lost']);
    expect(kept.needsTypedName).toBe(true);
    expect(verdicts(await planDrain(cluster, [], { emptyDir: 'lose' }))).toEqual([
      'empty-dir consent',
      'controlled consent',
    ]);
  });

  it('names budgets, and fails where two mean one pod', async () => {
    const cluster = new NodeCluster();
    const budget = (name: string, selector: object, allowed: number): void =>
      cluster.put({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name },
        spec: { selector },
        status: { disruptionsAllowed: allowed },
      });
    cluster.put(nodePod('web', { labels: { app: 'web', tier: 'front' } }));
    budget('web', { matchLabels: { app: 'web' } }, 1);
    budget('none', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, 0);
    const plan = await planDrain(cluster);
    expect(verdicts(plan)).toEqual([]);
    expect(checkOf(plan, 'eviction')?.evidence).toEqual([
      'Tried without effect',
      'default/web allows 1 now, for default/web',
    ]);
    budget('front', { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'edge'] }] }, 1);
    budget('everything', {}, 1);
    const crowded = await planDrain(cluster);
    expect(verdicts(crowded)).toEqual(['budgets fails']);
    expect(checkOf(crowded, 'budgets')?.evidence).toEqual(['default/web: everything, front, web']);
  });

  it('tells a budget that says no for now from a refusal for good', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('web-1'), nodePod('web-2'));
    const busy = new ClusterProblem('busy', 'Cannot evict pod', {
      causes: [{ field: '', reason: 'DisruptionBudget', message: 'The disruption budget web needs 2.' }],
    });
    cluster.onEvict = (pod) => {
      if (pod === 'default/web-1') throw busy;
    };
    const plan = await planDrain(cluster);
    expect(verdicts(plan)).toEqual(['eviction warns']);
    expect(checkOf(plan, 'eviction')?.evidence).toEqual(['default/web-1: The disruption budget web needs 2']);
    cluster.onEvict = (pod) => {
      throw pod === 'default/web-1' ? busy : new ClusterProblem('forbidden', 'No, said the webhook.');
    };
    expect(verdicts(await planDrain(cluster))).toEqual(['eviction fails']);
    expect(cluster.evicted).toEqual([]);
  });

  it('names the rights that are missing', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('orders-0', inProd), nodePod('web', { namespace: 'apps' }));
    const forbidden = new Set(['patch nodes ', 'create pods/eviction apps', 'create configmaps prod']);
    cluster.isForbidden = ({ verb, resource, namespace = '' }) => forbidden.has(`${verb} ${resource} ${namespace}`);
    const plan = await planDrain(cluster, [dataCluster('orders')]);
    expect(verdicts(plan)).toEqual(['rights fails', 'journal consent', 'eviction fails']);
    expect(checkOf(plan, 'rights')?.evidence).toEqual([
      'No right to patch nodes',
      'No right to create pods/eviction in apps',
    ]);
    expect(checkOf(plan, 'journal')?.evidence).toEqual(['No right to create configmaps in prod']);
  });

  it('cannot be made without seeing every pod, or for a node that is not there', async () => {
    const cluster = new NodeCluster();
    await expect(planDrain(cluster, [], { node: 'node-9' })).rejects.toThrow('not found');
    await expect(planDrain(cluster, [], { node: '' })).rejects.toThrow('not found');
    cluster.isForbidden = ({ verb, resource }) => verb === 'list' && resource === 'pods';
    await expect(planDrain(cluster)).rejects.toThrow('pods is forbidden');
  });

  it('refuses a node with the majority of the controllers of a data cluster', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('orders-0', inProd), nodePod('orders-1', inProd));
    const both = 'broker and controller';
    expect(verdicts(await planDrain(cluster, [dataCluster('orders', { roles: [both, both, both] })]))).toEqual([
      'controllers fails',
    ]);
    // Of five, three are left.
    expect(
      verdicts(await planDrain(cluster, [dataCluster('orders', { roles: [both, both, both, both, both] })])),
    ).toEqual([]);
  });

  it('warns of a node that cannot end its pods', async () => {
    const cluster = new NodeCluster();
    cluster.put(node('node-1', { isReady: false }));
    expect(verdicts(await planDrain(cluster))).toEqual(['node warns']);
  });

  it('shows hostile names as text', async () => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('[x](http://evil.invalid)', { owner: '' }), nodePod('a\u202eb\u0000\n# c', { owner: '' }));
    const plan = await planDrain(cluster, [], { emptyDir: 'lose' });
    const text = describePlan(plan);
    expect(text).not.toContain('](http');
    expect(text).not.toMatch(/[\u0000\u202e]|^# c/m);
  });
});
