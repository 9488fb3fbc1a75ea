import { describe, expect, test } from 'vitest';
import { viewObject, type ObjectView } from '#core/lint/rules/object.ts';
import { nodeIdsOf, viewBrokers, type BrokerGroup } from '#core/systems/kafka/brokers.ts';
import { malformedVoters, parseListeners, parseProtocols, parseVoters } from '#core/systems/kafka/listeners.ts';
import { makeEngine } from '#test/support/lint.ts';

async function viewOf(text: string): Promise<ObjectView> {
  const engine = await makeEngine();
  const analysis = engine.analyzeText(text).slices[0]?.analysis;
  if (!analysis?.kind || !analysis.root) throw new Error('the text is no object');
  const source = { isPartial: false, isTemplated: () => false };
  const { kind, root, document } = analysis;
  return viewObject({ kind, node: root, link: undefined, text: document.text, kubernetesVersion: '1.34', source });
}

async function groupOf(text: string): Promise<BrokerGroup> {
  const [group] = viewBrokers(await viewOf(text));
  if (!group) throw new Error('no broker');
  return group;
}

/** A StatefulSet with one container, whose lines are given. */
const workload = (image: string, ...lines: readonly string[]): string =>
  [
    'apiVersion: apps/v1',
    'kind: StatefulSet',
    'metadata: { name: kafka }',
    'spec:',
    '  replicas: 3',
    '  selector: { matchLabels: { app: kafka } }',
    '  template:',
    '    metadata: { labels: { app: kafka } }',
    '    spec:',
    '      containers:',
    '        - name: kafka',
    `          image: ${image}`,
    ...lines.map((line) => `          ${line}`),
  ].join('\n');

const settingsOf = ({ config }: BrokerGroup): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries([...config.settings].map(([name, { value }]) => [name, value]));

const script = (text: string): readonly string[] => ['command:', '  - sh', '  - -c', `  - ${text}`];

describe('the settings of a broker', () => {
  test('come from the variables of the Apache image, which leaves nothing else to be known', async () => {
    const group = await groupOf(
      workload(
        'apache/kafka:4.1.0',
        'env:',
        '  - { name: KAFKA_LOG_DIRS, value: /data }',
        '  - { name: KAFKA_A__B___C, value: x }',
        '  - { name: KAFKA_HEAP_OPTS, value: -Xmx1g }',
        '  - { name: KAFKA_ADVERTISED_LISTENERS, value: "A://$(POD_NAME):9092" }',
        '  - { name: CLUSTER_ID, value: x }',
      ),
    );
    expect(settingsOf(group)).toEqual({ 'log.dirs': '/data', 'a_b-c': 'x', 'advertised.listeners': undefined });
    expect(group.config.isComplete).toBe(true);
    expect(group.version).toBe('4.1');
  });

  test('come from KAFKA_CFG_ in the Bitnami image, which sets more by itself', async () => {
    const group = await groupOf(
      workload(
        'docker.io/bitnamilegacy/kafka:3.9.0-debian',
        'env:',
        '  - { name: KAFKA_CFG_NODE_ID, value: "1" }',
        '  - { name: KAFKA_CLIENT_USERS, value: a }',
      ),
    );
    expect(settingsOf(group)).toEqual({ 'node.id': '1' });
    expect(group.config.isComplete).toBe(false);
  });

  test('come from the command line, and not from variables, where a file is started', async () => {
    const group = await groupOf(
      workload(
        'confluentinc/cp-kafka:7.9.0',
        'command: [kafka-server-start, /config/server.properties, --override, log.dirs=/data, --override, "broker.id=$(ID)"]',
        'env:',
        '  - { name: KAFKA_NUM_PARTITIONS, value: "3" }',
      ),
    );
    expect(settingsOf(group)).toEqual({ 'log.dirs': '/data', 'broker.id': undefined });
    expect(group.version).toBe('3.9');
  });

  test.each([
    ['"export KAFKA_NODE_ID=${HOSTNAME##*-}; exec /etc/kafka/docker/run"', [0, 1, 2]],
    [`'export KAFKA_NODE_ID="\${HOSTNAME##*-}"; exec /etc/kafka/docker/run'`, [0, 1, 2]],
    ['"export KAFKA_NODE_ID=$((${HOSTNAME##*-}+1)); exec /etc/kafka/docker/run"', undefined],
  ])('%s tells the numbers of the nodes, or does not', async (text, ids) => {
    const group = await groupOf(workload('apache/kafka:4.1.0', ...script(text)));
    expect(settingsOf(group)).toEqual({ 'node.id': undefined });
    expect(nodeIdsOf(group)).toEqual(ids);
  });

  test.each([
    ['envFrom', ['envFrom: [{ configMapRef: { name: a } }]']],
    ['a mounted file', ['volumeMounts: [{ name: a, mountPath: /mnt/shared/config }]']],
    ['a script that runs another', script('". /scripts/a.sh; exec /etc/kafka/docker/run"')],
  ])('may be more than is seen with %s', async (_what, lines) => {
    const group = await groupOf(workload('apache/kafka:4.1.0', 'env: [{ name: KAFKA_NODE_ID, value: "1" }]', ...lines));
    expect(group.config.isComplete).toBe(false);
  });

  test('come from the lines of a file, each with its place', async () => {
    const text = [
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata: { name: kafka }',
      'data:',
      '  server.properties: |',
      '    # node.id=1',
      '    node.id = 2',
      '    log.dirs: /data',
      '    listeners=${LISTENERS}',
      '    super.users=User:a;\\',
      '      User:b',
    ].join('\n');
    const group = await groupOf(text);
    expect(settingsOf(group)).toEqual({
      'node.id': '2',
      'log.dirs': '/data',
      listeners: undefined,
      'super.users': undefined,
    });
    const range = group.config.settings.get('log.dirs')?.range;
    expect(range && text.slice(range.start, range.end)).toBe('log.dirs: /data');
  });
});

describe('what is no broker has none', () => {
  test.each([
    workload('confluentinc/cp-kafka:7.9.0', 'command: [kafka-topics, --list]'),
    workload('example.com/web:1'),
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { server.properties: "motd=hello", ops.json: "[]" }',
  ])('%#', async (text) => expect(viewBrokers(await viewOf(text))).toEqual([]));
});

describe('texts of listeners and voters', () => {
  test('are read', () => {
    expect(parseListeners('client://:9092, B://[::1]:9093')).toEqual([
      { name: 'CLIENT', host: '', port: 9092 },
      { name: 'B', host: '[::1]', port: 9093 },
    ]);
    expect(parseProtocols('a:SSL,B:SASL_SSL')).toEqual(
      new Map([
        ['A', 'SSL'],
        ['B', 'SASL_SSL'],
      ]),
    );
    expect(parseVoters('0@a:9093')).toEqual([{ id: 0, host: 'a', port: 9093 }]);
  });

  test('are not known when a part is not', () => {
    expect(parseListeners('A://:9092,B')).toBeUndefined();
    expect(parseListeners('')).toBeUndefined();
    expect(parseVoters('0@a:9093,b:9093')).toBeUndefined();
    expect(malformedVoters('0@a:9093,b:9093,1@c')).toEqual(['b:9093', '1@c']);
  });
});
