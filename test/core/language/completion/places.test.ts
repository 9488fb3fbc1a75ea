import { describe, expect, test } from 'vitest';
import { offerCompletions, type CompletionSources } from '#core/language/completion/completion.ts';
import type { CompletionOffer } from '#core/language/completion/entry.ts';
import { WorkspaceIndex } from '#core/workspace/index.ts';
import { bundledCatalog } from '#test/support/catalog.ts';
import { splitAtMark } from '#test/support/view.ts';

const catalog = await bundledCatalog();

function offer(marked: string, sources: Partial<CompletionSources> = {}): CompletionOffer | undefined {
  const { text, offset } = splitAtMark(marked, '^');
  return offerCompletions(text, offset, { catalog, ...sources });
}

function labels(marked: string, sources?: Partial<CompletionSources>): readonly string[] {
  return offer(marked, sources)?.entries.map(({ label }) => label) ?? [];
}

/** The text of the file after the entry of a label is taken; places to fill in keep their syntax. */
function take(marked: string, label: string): string {
  const { text } = splitAtMark(marked, '^');
  const found = offer(marked);
  const entry = found?.entries.find((candidate) => candidate.label === label);
  if (!found || !entry) throw new Error(`${label} is not offered`);
  return text.slice(0, found.replace.start) + entry.text + text.slice(found.replace.end);
}

const HEAD = 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\n';
const POD = `${HEAD}spec:\n  template:\n    spec:\n      containers:\n        - name: db\n          image: db:1\n`;

describe('keys', () => {
  test.each([
    ['of the container', `${POD}          ^\n`, 'livenessProbe', 'image'],
    ['of the pod', `${POD}      ^\n`, 'volumes', 'containers'],
    ['of the template', `${POD}    ^\n`, 'metadata', 'spec'],
    ['of the object', `${POD}  ^\n`, 'serviceName', 'template'],
    [
      'of the container, on a line before others',
      POD.replace('image: db:1', '^\n          image: db:1'),
      'command',
      'image',
    ],
    ['of the container, without a line break at the end', `${POD}          ^`, 'command', 'image'],
    ['of the pod, with blank lines around', `${POD}\n      ^\n\n`, 'volumes', 'containers'],
    ['behind a dash', `${POD}        - ^\n`, 'name', 'containers'],
    ['behind a dash, before other keys', POD.replace('- name: db', '- ^\n          name: db'), 'command', 'name'],
    ['in a flow map', `${POD}          resources: {^}\n`, 'limits', 'image'],
    ['in a flow map behind a comma', `${POD}          securityContext: {runAsUser: 1, ^}\n`, 'runAsGroup', 'runAsUser'],
    [
      'in a flow map that is still open',
      `${POD}          securityContext: {runAsUser: 1, ^\n`,
      'runAsGroup',
      'runAsUser',
    ],
    ['inside a word', `${POD}          imagePull^cy: Always\n`, 'imagePullPolicy', 'image'],
    ['below a key without a value', `${POD}          resources:\n            ^\n`, 'limits', 'image'],
    [
      'in the middle of a broken document',
      `${POD}          ports: [{\n          ^\n          env:\n        - x\n`,
      'livenessProbe',
      'image',
    ],
  ])('%s', (_name, marked, offered, left) => {
    const found = labels(marked);
    expect(found).toContain(offered);
    expect(found).not.toContain(left);
  });

  test('in document 7 of 9', () => {
    const other = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
    const documents = Array.from({ length: 9 }, (_document, i) => (i === 6 ? `${POD}          ^\n` : other));
    const found = labels(documents.join('---\n'));
    expect(found).toContain('livenessProbe');
    expect(found).not.toContain('data');
  });

  test('behind a list that is written in the column of its key', () => {
    const unindented = POD.replace(
      /containers:[^]*$/,
      'containers:\n      - name: db\n        ports:\n        - containerPort: 1\n',
    );
    expect(labels(`${unindented}        ^\n`)).toEqual(expect.arrayContaining(['livenessProbe', '- containerPort']));
    expect(labels(`${unindented}      ^\n`)).toEqual(expect.arrayContaining(['volumes', '- name']));
    expect(labels(unindented.replace(/ports:[^]*$/, 'ports:\n        ^\n'))).toEqual(
      expect.arrayContaining(['livenessProbe', '- containerPort']),
    );
  });

  test('required ones come first', () => {
    const ranks = new Map(offer(`${HEAD}spec:\n  ^\n`)?.entries.map(({ label, rank }) => [label, rank]));
    expect(ranks.get('selector')).toBeLessThan(ranks.get('replicas') ?? 0);
  });

  test('bring what they cannot do without, laid out as the author lays out', () => {
    expect(take(`${POD}          volumeM^\n`, 'volumeMounts')).toBe(
      `${POD}          volumeMounts:\n            - name: $1\n              mountPath: $2\n`,
    );
    const unindented = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n';
    expect(take(`${unindented}    ^\n`, 'volumeMounts')).toBe(
      `${unindented}    volumeMounts:\n    - name: $1\n      mountPath: $2\n`,
    );
  });

  test('close a quote that is open, and write no second colon', () => {
    expect(take('{"apiVersion": "v1", "kind": "Pod", "spec": {"node^', 'nodeName')).toContain('"nodeName": ');
    expect(take('{"apiVersion": "v1", "kind": "Pod", "spec": {"node^": "a"}}', 'nodeName')).toContain(
      '{"nodeName": "a"}',
    );
    expect(take('{"apiVersion": "v1", "kind": "Pod", "spec": {"node^, "hostname": "a"}}', 'nodeName')).toContain(
      '{"nodeName": , "hostname": "a"}',
    );
  });

  test('know the settings of the system in its free-form maps', () => {
    const kafka =
      'apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: a}\nspec:\n  kafka:\n    config:\n      ^\n';
    expect(labels(kafka)).toContain('min.insync.replicas');
    expect(labels(kafka)).not.toContain('advertised.listeners');
  });

  test('are not asked for in comments, block scalars and other YAML', () => {
    expect(labels(`${POD}          # ^\n`)).toEqual([]);
    expect(labels(`${POD}          image: x # ^\n`)).toEqual([]);
    expect(labels('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    ^\n')).toEqual([]);
    expect(labels('services:\n  web:\n    ^\n')).toEqual([]);
  });
});

describe('values', () => {
  test.each([
    ['an enumeration', `${POD}          imagePullPolicy: ^\n`, ['Always', 'IfNotPresent', 'Never']],
    ['an enumeration, right behind the colon', `${POD}          imagePullPolicy:^\n`, ['Always', 'Never']],
    ['a boolean', `${POD}          tty: ^\n`, ['true', 'false']],
    ['a quantity', `${POD}          resources:\n            limits:\n              memory: ^\n`, ['1Gi']],
    [
      'a list of words',
      `${HEAD}spec:\n  volumeClaimTemplates:\n    - spec:\n        accessModes:\n          - ^\n`,
      ['ReadWriteOnce'],
    ],
    [
      'a flow list',
      `${HEAD}spec:\n  volumeClaimTemplates:\n    - spec:\n        accessModes: [^]\n`,
      ['ReadWriteOnce'],
    ],
    ['apiVersion for a kind', 'apiVersion: ^\nkind: StatefulSet\n', ['apps/v1']],
    ['kind for an apiVersion', 'apiVersion: kubeflow.org/v1\nkind: ^\n', ['TFJob']],
  ])('of %s', (_name, marked, offered) => {
    expect(labels(marked)).toEqual(expect.arrayContaining(offered));
  });

  test('apiVersion and kind are written together', () => {
    const entry = offer('kind: ^\n')?.entries.find(
      ({ label, detail }) => label === 'Kafka' && detail?.includes('/v1,'),
    );
    expect(entry?.alsoEdits?.map(({ newText }) => newText)).toEqual(['apiVersion: kafka.strimzi.io/v1\n']);
  });

  test('bring the blank behind the colon, and leave a comment and the next line alone', () => {
    expect(take(`${POD}          imagePullPolicy:^\n          tty: true\n`, 'Always')).toContain(
      'imagePullPolicy: Always\n          tty: true\n',
    );
    expect(take(`${POD}          imagePullPolicy: Al^ # why\n`, 'Always')).toContain('imagePullPolicy: Always # why\n');
    expect(take(`${POD}          imagePullPolicy: ^# why\n`, 'Always')).toMatch(/imagePullPolicy: Always ?# why\n/);
  });
});

describe('names that exist elsewhere', () => {
  const workspace = new WorkspaceIndex();
  workspace.update(
    'file:///all.yaml',
    [
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: a}\n',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {password: x}\n',
      'apiVersion: v1\nkind: Service\nmetadata: {name: db-headless}\nspec: {clusterIP: None}\n',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: backup}\n',
      'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\n',
      'apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: events}\n',
      'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: db}\nspec:\n  template:\n    metadata: {labels: {app: db}}\n    spec:\n      containers: [{name: db, ports: [{name: cql, containerPort: 9042}]}]\n',
    ].join('---\n'),
  );

  const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec:\n';
  const topic = 'apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n  labels:\n';

  test.each([
    ['a ConfigMap', `${POD}          envFrom:\n            - configMapRef:\n                name: ^\n`, 'settings'],
    [
      'its key',
      `${POD}          env:\n            - valueFrom:\n                configMapKeyRef:\n                  name: settings\n                  key: ^\n`,
      'level',
    ],
    ['a Secret', `${POD}          envFrom:\n            - secretRef: {name: ^}\n`, 'login'],
    [
      'its key',
      `${POD}          env:\n            - valueFrom:\n                secretKeyRef: {name: login, key: ^}\n`,
      'password',
    ],
    ['a Service', `${HEAD}spec:\n  serviceName: ^\n`, 'db-headless'],
    [
      'a claim',
      `${POD}      volumes:\n        - name: a\n          persistentVolumeClaim:\n            claimName: ^\n`,
      'backup',
    ],
    ['a ServiceAccount', `${POD}      serviceAccountName: ^\n`, 'robot'],
    [
      'a volume of this pod',
      `${POD}          volumeMounts:\n            - name: ^\n      volumes:\n        - name: scratch\n`,
      'scratch',
    ],
    [
      'a claim of this StatefulSet',
      `${POD}          volumeMounts:\n            - name: ^\n  volumeClaimTemplates:\n    - metadata:\n        name: data\n`,
      'data',
    ],
    [
      'a port of this container',
      `${POD}          ports:\n            - name: cql\n          readinessProbe:\n            tcpSocket:\n              port: ^\n`,
      'cql',
    ],
    ['a port of the pods a Service selects', `${service}  selector: {app: db}\n  ports:\n    - targetPort: ^\n`, 'cql'],
    ['a label of the pods there are', `${service}  selector:\n    ^\n`, 'app'],
    ['the value of that label', `${service}  selector:\n    app: ^\n`, 'db'],
    ['the Kafka a topic belongs to', `${topic}    strimzi.io/cluster: ^\n`, 'events'],
  ])('%s', (_name, marked, name) => {
    expect(labels(marked, { workspace })).toContain(name);
  });

  test('of another namespace are left out', () => {
    workspace.update('file:///b.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: far, namespace: other}\n');
    const reference = `${POD}          envFrom:\n            - secretRef: {name: ^}\n`;
    expect(labels(reference, { workspace })).toContain('far');
    expect(labels(reference.replace('name: db\n', 'name: db\n  namespace: here\n'), { workspace })).not.toContain(
      'far',
    );
  });
});
