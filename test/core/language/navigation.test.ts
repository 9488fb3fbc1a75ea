import { describe, expect, test } from 'vitest';
import { definitionsIn, referencesIn, renamed, type MarkedFiles } from '#test/support/navigation.ts';

const SET = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db, tier: "store"}
    spec:
      serviceAccountName: robot
      containers:
        - name: db
          image: example/db:1
          ports:
            - name: cql
              containerPort: 9042
          readinessProbe:
            tcpSocket: {port: cql}
          env:
            - name: SEEDS
              value: db-0.db,db-1.db
            - name: LEVEL
              valueFrom:
                configMapKeyRef: {name: settings, key: level}
            - name: MEMORY
              valueFrom:
                resourceFieldRef: {containerName: db, resource: limits.memory}
          volumeMounts:
            - name: data
              mountPath: /data
            - name: 'scratch'
              mountPath: /tmp
      volumes:
        - name: scratch
          emptyDir: {}
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
`;
const SETTINGS = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  level: info\n';
const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector: {app: db}
  ports:
    - port: 9042
      targetPort: cql
`;
const ACCOUNT = 'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n';
const FILES: MarkedFiles = {
  'set.yaml': SET,
  'settings.yaml': SETTINGS,
  'service.yaml': SERVICE,
  'account.yaml': ACCOUNT,
};

/** The files with the cursor in the first place that fits. */
function at(name: string, place: string, files: MarkedFiles = FILES): MarkedFiles {
  const text = files[name] ?? '';
  const [before = '', after = ''] = place.split('^');
  if (!text.includes(before + after)) throw new Error(`"${place}" is not in ${name}`);
  return { ...files, [name]: text.replace(before + after, place) };
}

describe('from a name to where it is given', () => {
  test.each([
    ['a mount to its volume', 'set.yaml', "- name: 'scr^atch'", ['set.yaml:37 scratch']],
    ['a mount to its claim', 'set.yaml', '- name: da^ta\n              mountPath', ['set.yaml:41 data']],
    ['a ConfigMap', 'set.yaml', '{name: set^tings', ['settings.yaml:4 settings']],
    ['its key', 'set.yaml', 'key: le^vel', ['settings.yaml:6 level']],
    ['the Service of a StatefulSet', 'set.yaml', 'serviceName: ^db', ['service.yaml:4 db']],
    ['a Service inside an address', 'set.yaml', 'db-0.d^b', ['service.yaml:4 db']],
    ['a ServiceAccount', 'set.yaml', 'serviceAccountName: rob^ot', ['account.yaml:3 robot']],
    ['a port of a probe', 'set.yaml', '{port: c^ql}', ['set.yaml:18 cql']],
    ['a port of a Service', 'service.yaml', 'targetPort: c^ql', ['set.yaml:18 cql']],
    ['a container', 'set.yaml', 'containerName: d^b', ['set.yaml:15 db']],
    ['the selector of a Service to the labels of pods', 'service.yaml', '{app: d^b}', ['set.yaml:11 db']],
    ['a name to itself', 'settings.yaml', 'name: set^tings', ['settings.yaml:4 settings']],
    ['nothing for what is not here', 'set.yaml', 'image: exa^mple/db:1', []],
  ])('%s', async (_name, file, place, expected) => {
    expect(await definitionsIn(at(file, place))).toEqual(expected);
  });

  test('a topic to its cluster, but not to one of another operator', async () => {
    const files = {
      'topic.yaml':
        'apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n  name: orders\n  labels:\n    strimzi.io/cluster: sh^op\n',
      'kafka.yaml': 'apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: shop}\n',
      'other.yaml': 'apiVersion: kafka.example.com/v1\nkind: Kafka\nmetadata: {name: shop}\n',
    };
    expect(await definitionsIn(files)).toEqual(['kafka.yaml:3 shop']);
  });

  test('objects of another namespace are not meant', async () => {
    const files = at('set.yaml', '{name: set^tings', {
      ...FILES,
      'set.yaml': SET.replace('  name: db\n', '  name: db\n  namespace: here\n'),
      'settings.yaml': SETTINGS.replace('  name: settings\n', '  name: settings\n  namespace: there\n'),
    });
    expect(await definitionsIn(files)).toEqual([]);
  });

  test('names inside a pod are known in templates of charts, unless they are templated themselves', async () => {
    const template = (place: string): MarkedFiles => ({
      'templates/pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Release.Name }}}\nspec:\n  containers:\n    - name: a\n      image: b\n      volumeMounts:\n        - name: ${place}\n          mountPath: /d\n  volumes:\n    - name: data\n    - name: {{ .Values.disk }}\n`,
    });
    expect(await definitionsIn(template('da^ta'))).toEqual(['templates/pod.yaml:12 data']);
    expect(await definitionsIn(template('{{ .Val^ues.disk }}'))).toEqual([]);
    expect(await renamed(template('da^ta'), 'store')).toEqual({
      'templates/pod.yaml': template('data')['templates/pod.yaml']?.replaceAll(' data', ' store'),
    });
  });
});

describe('from a name to its uses', () => {
  test.each([
    ['of a ConfigMap', 'settings.yaml', 'name: set^tings', ['set.yaml:27 settings']],
    ['of a Service', 'service.yaml', 'name: d^b', ['set.yaml:6 db', 'set.yaml:24 db', 'set.yaml:24 db']],
    ['of a port', 'set.yaml', '- name: cq^l', ['service.yaml:10 cql', 'set.yaml:21 cql']],
    ['of a label', 'set.yaml', 'labels: {app: d^b', ['service.yaml:7 db', 'set.yaml:8 db']],
    ['of a claim', 'set.yaml', '- metadata:\n        name: da^ta', ['set.yaml:32 data']],
  ])('%s', async (_name, file, place, expected) => {
    expect(await referencesIn(at(file, place))).toEqual(expected);
  });
});

describe('renaming', () => {
  test('a volume changes its mounts and keeps quotes', async () => {
    const result = await renamed(at('set.yaml', '- name: scr^atch'), 'temporary');
    expect(result).toEqual({
      'set.yaml': SET.replace("'scratch'", "'temporary'").replace('- name: scratch', '- name: temporary'),
    });
  });

  test('a ConfigMap changes every file', async () => {
    const result = await renamed(at('set.yaml', '{name: set^tings'), 'options');
    expect(result).toEqual({
      'set.yaml': SET.replace('settings', 'options'),
      'settings.yaml': SETTINGS.replace('settings', 'options'),
    });
  });

  test('a key changes where it is asked for', async () => {
    const result = await renamed(at('settings.yaml', 'le^vel: info'), 'log.level');
    expect(result).toEqual({
      'set.yaml': SET.replace('key: level', 'key: log.level'),
      'settings.yaml': SETTINGS.replace('level', 'log.level'),
    });
  });

  test('a Service changes the addresses of its pods as well', async () => {
    const result = await renamed(at('service.yaml', 'name: d^b'), 'members');
    expect(result).toEqual({
      'set.yaml': SET.replace('serviceName: db', 'serviceName: members').replace(
        'db-0.db,db-1.db',
        'db-0.members,db-1.members',
      ),
      'service.yaml': SERVICE.replace('name: db', 'name: members'),
    });
  });

  test('the value of a label changes the selectors that select by it', async () => {
    const result = await renamed(at('service.yaml', '{app: d^b}'), 'store');
    expect(result).toEqual({
      'set.yaml': SET.replaceAll('app: db', 'app: store'),
      'service.yaml': SERVICE.replace('app: db', 'app: store'),
    });
  });

  test('a label behind an anchor changes once', async () => {
    const text =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  selector:\n    matchLabels: &labels\n      app: o^ne\n  template:\n    metadata:\n      labels: *labels\n    spec:\n      containers: [{name: a, image: b}]\n';
    expect(await renamed({ 'a.yaml': text }, 'two')).toEqual({ 'a.yaml': text.replace('o^ne', 'two') });
  });

  test('a port changes Service and probe', async () => {
    const result = await renamed(at('service.yaml', 'targetPort: c^ql'), 'native');
    expect(result).toEqual({
      'set.yaml': SET.replaceAll('cql', 'native'),
      'service.yaml': SERVICE.replace('cql', 'native'),
    });
  });

  test.each([
    ['a StatefulSet', 'set.yaml', 'metadata:\n  name: d^b', 'x', /^Renaming a StatefulSet makes another one/],
    ['what is elsewhere', 'set.yaml', '{name: set^tings', 'x', /^The ConfigMap "settings" is not in the workspace/],
    ['to a name that is none', 'set.yaml', '- name: scr^atch', 'No_Name', /^"No_Name" must be lower-case/],
    ['to a name that is taken', 'set.yaml', '- name: scr^atch', 'data', /^There is a volume "data" already\.$/],
  ])('%s is refused', async (name, file, place, newName, reason) => {
    const files = name === 'what is elsewhere' ? { 'set.yaml': SET } : FILES;
    expect(await renamed(at(file, place, files), newName)).toMatch(reason);
  });

  test('a key that a program sees is refused', async () => {
    const pod = (use: string): MarkedFiles => ({
      ...FILES,
      'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: other}\nspec:\n  ${use}\n`,
    });
    const variables = pod('containers: [{name: a, image: b, envFrom: [{configMapRef: {name: settings}}]}]');
    const files = pod('volumes: [{name: a, configMap: {name: settings}}]');
    const items = pod('volumes: [{name: a, configMap: {name: settings, items: [{key: level, path: x}]}}]');
    const rename = (all: MarkedFiles) => renamed(at('settings.yaml', 'le^vel: info', all), 'x');
    expect(await rename(variables)).toMatch(/^The Pod other takes every key as a variable/);
    expect(await rename(files)).toMatch(/^The Pod other mounts every key as a file/);
    expect(await rename(items)).toHaveProperty(['pod.yaml']);
  });

  test('nothing happens where no name is', async () => {
    expect(await renamed(at('set.yaml', 'mountPath: /da^ta'), 'x')).toBeUndefined();
  });
});
