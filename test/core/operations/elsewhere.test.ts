import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#core/live/ports.ts';
import { decodePod } from '#core/live/decode/pod.ts';
import { OtherNodes, type Elsewhere } from '#core/operations/nodeDrain/elsewhere.ts';
import type { Precondition } from '#core/operations/model.ts';
import { dataCluster, node, NodeCluster, nodePod, planDrain } from './nodeObjects.ts';

function look(cluster: NodeCluster, raw: JsonObject): Promise<Elsewhere> {
  const live = decodePod(raw);
  if (!live) throw new Error('no pod');
  return new OtherNodes(cluster, 'node-1').for({ live, raw });
}

const withClaim = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };

function withVolume(terms: readonly JsonObject[] | undefined): NodeCluster {
  const cluster = new NodeCluster();
  const affinity = terms === undefined ? {} : { nodeAffinity: { required: { nodeSelectorTerms: terms } } };
  cluster.put(
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { volumeName: 'volume' } },
    { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'volume' }, spec: affinity },
  );
  return cluster;
}

const inLabel = (key: string, ...values: string[]): JsonObject => ({
  matchExpressions: [{ key, operator: 'In', values }],
});

const ZONE = 'topology.kubernetes.io/zone';

describe('where else a pod could start', () => {
  it.each([
    ['nothing speaks against it', {}, { kind: 'fits', node: 'node-2' }],
    ['labels', { nodeSelector: { [ZONE]: 'c' } }, { kind: 'fits', node: 'node-3' }],
    [
      'labels of the drained node only',
      { nodeSelector: { [ZONE]: 'a' } },
      { kind: 'nowhere', reasons: ['2 without the labels that the pod wants'] },
    ],
    [
      'a required affinity',
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-3'] }] }],
            },
          },
        },
      },
      { kind: 'fits', node: 'node-3' },
    ],
    [
      'more than any node has',
      { containers: [{ name: 'main', resources: { requests: { memory: '9Gi', cpu: '100m' } } }] },
      { kind: 'full', reasons: ['2 short of memory'] },
    ],
  ])('%s', async (_what, spec, expected) => {
    expect(await look(new NodeCluster(), nodePod('web', { spec }))).toEqual(expected);
  });

  it('counts what runs there already', async () => {
    const cluster = new NodeCluster();
    const big = { containers: [{ name: 'main', resources: { requests: { cpu: '3500m' } } }] };
    cluster.put(nodePod('a', { node: 'node-2', spec: big }), nodePod('b', { node: 'node-3', spec: big }));
    const wanted = nodePod('web', { spec: { containers: [{ name: 'main', resources: { requests: { cpu: '1' } } }] } });
    expect(await look(cluster, wanted)).toEqual({ kind: 'full', reasons: ['2 short of cpu'] });
    cluster.put(nodePod('b', { node: 'node-3', spec: big, phase: 'Succeeded' }));
    expect(await look(cluster, wanted)).toEqual({ kind: 'fits', node: 'node-3' });
  });

  it('leaves out nodes that are not ready, cordoned or tainted, unless that is tolerated', async () => {
    const cluster = new NodeCluster();
    const taints = [{ key: 'gpu', value: 'yes', effect: 'NoSchedule' }];
    cluster.put(node('node-2', { isReady: false }), node('node-3', { taints }), node('node-4', {}, true));
    expect(await look(cluster, nodePod('web'))).toEqual({
      kind: 'nowhere',
      reasons: ['1 not ready', '1 tainted', '1 cordoned'],
    });
    const tolerations = [{ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }];
    expect(await look(cluster, nodePod('web', { spec: { tolerations } }))).toEqual({ kind: 'fits', node: 'node-3' });
    const wrong = [{ key: 'gpu', operator: 'Equal', value: 'no' }];
    expect((await look(cluster, nodePod('web', { spec: { tolerations: wrong } }))).kind).toBe('nowhere');
  });

  it('keeps away from pods that it must not be beside', async () => {
    const cluster = new NodeCluster();
    const labels = { app: 'kafka' };
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } };
    const spec = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    cluster.put(nodePod('kafka-1', { node: 'node-2', labels }), nodePod('kafka-2', { node: 'node-3', labels }));
    expect(await look(cluster, nodePod('kafka-0', { labels, spec }))).toEqual({
      kind: 'nowhere',
      reasons: ['2 taken by a pod that it must not be beside'],
    });
    cluster.put(node('node-4'));
    expect(await look(cluster, nodePod('kafka-0', { labels, spec }))).toEqual({ kind: 'fits', node: 'node-4' });
  });

  it('two pods that must not be together do not get the same place', async () => {
    const cluster = new NodeCluster();
    const labels = { app: 'kafka' };
    const term = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } };
    const spec = { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } } };
    const others = new OtherNodes(cluster, 'node-1');
    const places = [];
    for (const name of ['kafka-0', 'kafka-1', 'kafka-2']) {
      const raw = nodePod(name, { labels, spec });
      const live = decodePod(raw);
      if (live) places.push((await others.for({ live, raw })).kind);
    }
    expect(places).toEqual(['fits', 'fits', 'nowhere']);
  });

  it.each([
    ['a volume of the node', [inLabel('kubernetes.io/hostname', 'node-1')], 'nowhere'],
    ['a volume of a zone without another node', [inLabel(ZONE, 'a')], 'nowhere'],
    ['a volume of two zones', [inLabel(ZONE, 'a', 'b')], 'fits'],
    ['either of two terms', [inLabel(ZONE, 'a'), inLabel(ZONE, 'c')], 'fits'],
    ['a term that says nothing', [{}], 'nowhere'],
    ['a volume that every node reaches', undefined, 'fits'],
  ])('%s: %j', async (_what, terms, expected) => {
    expect((await look(withVolume(terms), nodePod('data-0', { spec: withClaim }))).kind).toBe(expected);
  });

  it('is unknown when the volume may not be read', async () => {
    const cluster = withVolume([inLabel('kubernetes.io/hostname', 'node-1')]);
    cluster.isForbidden = ({ resource }) => resource === 'persistentvolumes';
    expect(await look(cluster, nodePod('data-0', { spec: withClaim }))).toEqual({
      kind: 'unknown',
      reasons: ['where the volume of data may be used cannot be read'],
    });
    cluster.isForbidden = ({ resource }) => resource === 'nodes';
    expect((await look(cluster, nodePod('web'))).kind).toBe('unknown');
  });
});

describe('what a plan makes of it', () => {
  const checks = async (cluster: NodeCluster): Promise<readonly string[]> => {
    const plan = await planDrain(cluster, [dataCluster('orders')]);
    const state = (id: string): Precondition['state'] | undefined =>
      plan.preconditions.find((one) => one.id === id)?.state;
    return [state('members-elsewhere') ?? '', state('pods-elsewhere') ?? ''];
  };
  const nowhere = { nodeSelector: { disk: 'fast' } };
  const full = { containers: [{ name: 'main', resources: { requests: { cpu: '5' } } }] };

  it.each([
    ['a member without any place fails', nowhere, {}, ['fails', 'holds']],
    ['another pod without any place is agreed to', {}, nowhere, ['holds', 'consent']],
    ['room may come', full, full, ['consent', 'consent']],
  ])('%s', async (_what, member, other, expected) => {
    const cluster = new NodeCluster();
    cluster.put(nodePod('orders-0', { namespace: 'prod', spec: member }), nodePod('web', { spec: other }));
    expect(await checks(cluster)).toEqual(expected);
  });
});
