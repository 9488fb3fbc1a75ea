import { describe, expect, it } from 'vitest';
import { ownedPart, ownersOf, readManagers } from '#core/live/edit/ownership.ts';
import { rebase } from '#core/live/edit/rebase.ts';
import {
  conflictsOf,
  describeChanges,
  describeConflicts,
  readConflicts,
  writeQuestion,
} from '#core/live/edit/sentences.ts';
import { readEdited, renderObject } from '#core/live/edit/shownObject.ts';
import { planWrite } from '#core/live/edit/writePlan.ts';
import { formatFieldPath, readFieldPath } from '#core/live/fieldPath.ts';
import { ClusterProblem, type JsonObject } from '#core/live/ports.ts';
import { edited, kafka, secret } from '#test/core/live/edit/objects.ts';

const config = ['spec', 'kafka', 'config'];
const listeners = ['spec', 'kafka', 'listeners'];
const hidden = { secrets: 'hidden' } as const;

function readBack(text: string, base: JsonObject): JsonObject {
  const result = readEdited(text, base);
  if (result.kind !== 'object') throw new Error(result.reason);
  return result.object;
}

describe('an object as a document', () => {
  it('hides what the server keeps for itself, and marks the status', () => {
    const text = renderObject(kafka, hidden);
    expect(text).not.toMatch(/managedFields|resourceVersion|last-applied|word/);
    expect(text).toContain('  annotations:\n    team: orders\n');
    expect(text).toMatch(/\n# The status .+ not written\.\nstatus:\n  clusterId: abc\n/);
  });

  it('is the same object when it is read back unchanged', () => {
    expect(readBack(renderObject(kafka, hidden), kafka)).toEqual(kafka);
    for (const secrets of ['hidden', 'encoded', 'decoded'] as const) {
      expect(readBack(renderObject(secret, { secrets }), secret)).toEqual(secret);
    }
  });

  it('never shows values of a Secret that nobody asked for', () => {
    const text = renderObject(secret, hidden);
    expect(text).not.toMatch(/aHVudGVyMg|hunter2|u3\+7/);
    expect(text).toContain('password: (hidden, 7 bytes)');
  });

  it('shows values that are texts as texts when asked, and bytes as they are kept', () => {
    const text = renderObject(secret, { secrets: 'decoded' });
    expect(text).toContain('data:\n  keystore: /u3+7Q==\nstringData:\n  password: hunter2\n');
  });

  it('says in a comparison that a hidden value is another one', () => {
    const after = edited(secret, ['data', 'password'], 'aHVudGVyMw==');
    expect(renderObject(after, { ...hidden, before: secret })).toContain('password: (hidden, changed, 7 bytes)');
    expect(renderObject(after, { ...hidden, before: secret })).toContain('keystore: (hidden, 4 bytes)');
  });

  it('takes a new value beside hidden ones', () => {
    const text = renderObject(secret, hidden).replace(/keystore: .*/, 'keystore: new');
    expect(readBack(text, secret)['data']).toEqual({ password: 'aHVudGVyMg==', keystore: 'bmV3' });
  });

  it.each([
    ['a renamed key', 'password:', 'passwort:'],
    ['a sign that was changed', 'password: (hidden, 7 bytes)', 'password: (hidden, 7 bytes)!'],
  ])('refuses %s of a hidden value, which would lose it', (_what, before, after) => {
    const result = readEdited(renderObject(secret, hidden).replace(before, after), secret);
    expect(result.kind === 'refused' ? result.reason : '').toMatch(
      /^The value of passwor[dt] is hidden and would be lost/,
    );
  });

  it('takes a hidden key away when its line goes', () => {
    const text = renderObject(secret, hidden).replace(/ *password: .*\n/, '');
    expect(readBack(text, secret)['data']).toEqual({ keystore: '/u3+7Q==' });
  });

  it('leaves the status as it is and says so', () => {
    const result = readEdited(renderObject(kafka, hidden).replace('clusterId: abc', 'clusterId: xyz'), kafka);
    expect(result).toMatchObject({ kind: 'object', object: kafka, ignored: ['status'] });
  });

  it.each([
    ['name: orders', 'name: other', 'metadata.name names the object and must stay "orders".'],
    ['kind: Kafka', 'kind: KafkaTopic', 'kind names the object and must stay "Kafka".'],
    ['namespace: prod', 'namespace: test', 'metadata.namespace names the object and must stay "prod".'],
    ['spec:', 'spec: [', 'This is no YAML the server can read'],
    ['# The status', '---\n# The status', 'a second one needs a file of its own'],
  ])('refuses %s written as %s', (before, after, reason) => {
    const result = readEdited(renderObject(kafka, hidden).replace(before, after), kafka);
    expect(result.kind === 'refused' ? result.reason : '').toContain(reason);
  });
});

describe('rebase', () => {
  const mine = edited(kafka, [...config, 'num.partitions'], 6);

  it('keeps what others changed elsewhere', () => {
    const live = edited(edited(kafka, ['metadata', 'resourceVersion'], '101'), [...config, 'min.insync.replicas'], 1);
    const result = rebase(kafka, mine, live);
    expect(result.object).toMatchObject({
      spec: { kafka: { config: { 'num.partitions': 6, 'min.insync.replicas': 1 } } },
    });
    expect(result.meanwhile).toEqual(['metadata.resourceVersion', 'spec.kafka.config[min.insync.replicas]']);
    expect(result.overlaps).toEqual([]);
  });

  it('names the field that both changed', () => {
    const live = edited(kafka, [...config, 'num.partitions'], 12);
    expect(rebase(kafka, mine, live).overlaps).toEqual(['spec.kafka.config[num.partitions]']);
    expect(rebase(kafka, live, live).overlaps).toEqual([]);
  });

  it('takes a list that both changed as an overlap', () => {
    const list = edited(kafka, [...listeners, 2], { name: 'x' });
    const other = edited(kafka, [...listeners, 1], undefined);
    expect(rebase(kafka, list, other).overlaps).toEqual(['spec.kafka.listeners']);
  });

  it('sees what was removed on either side', () => {
    const removed = edited(kafka, [...config, 'num.partitions'], undefined);
    expect(rebase(kafka, removed, kafka).object).toEqual(removed);
    const result = rebase(kafka, kafka, removed);
    expect(result.object).toEqual(removed);
    expect(result.meanwhile).toEqual(['spec.kafka.config[num.partitions]']);
  });
});

describe('planWrite', () => {
  it('writes nothing when nothing changed', () => {
    expect(planWrite(kafka, structuredClone(kafka))).toEqual({ kind: 'nothing' });
  });

  it('applies the changed fields and what is ours, and nothing else', () => {
    const wanted = edited(kafka, [...listeners, 1, 'port'], 9095);
    expect(planWrite(kafka, wanted)).toEqual({
      kind: 'apply',
      body: {
        apiVersion: 'kafka.strimzi.io/v1',
        kind: 'Kafka',
        metadata: { name: 'orders', namespace: 'prod', resourceVersion: '100' },
        spec: { kafka: { config: { 'num.partitions': 3 }, listeners: [{ name: 'tls', port: 9095 }] } },
      },
      changes: [{ path: 'spec.kafka.listeners[name=tls].port', change: 'set', owners: ['kubectl-client-side-apply'] }],
    });
  });

  it('adds an item to a list with keys by itself', () => {
    const wanted = edited(kafka, [...listeners, 2], { name: 'ext', port: 9094, tls: true });
    const plan = planWrite(kafka, wanted);
    expect(plan).toMatchObject({ kind: 'apply', body: { spec: { kafka: { listeners: [{ name: 'ext' }] } } } });
  });

  it('takes a list that nobody tells apart as one value', () => {
    const base = edited(kafka, ['spec', 'args'], ['a', 'b']);
    const wanted = edited(base, ['spec', 'args'], ['a', 'c']);
    expect(planWrite(base, wanted)).toMatchObject({ kind: 'apply', body: { spec: { args: ['a', 'c'] } } });
  });

  it('lets go of a field that is ours alone', () => {
    const wanted = edited(kafka, [...config, 'num.partitions'], undefined);
    const plan = planWrite(kafka, wanted);
    expect(plan).toMatchObject({ kind: 'apply', changes: [{ change: 'removed', owners: [] }] });
    expect(JSON.stringify(plan)).not.toContain('"num.partitions"');
  });

  it.each([
    ['a field', [...config, 'min.insync.replicas']],
    ['an item', [...listeners, 1]],
  ])('replaces the whole object, on condition of its version, when %s of another owner goes', (_what, path) => {
    const wanted = edited(kafka, path, undefined);
    const plan = planWrite(kafka, wanted);
    expect(plan).toMatchObject({ kind: 'replace', body: wanted, changes: [{ owners: ['kubectl-client-side-apply'] }] });
    expect(plan).toMatchObject({ body: { metadata: { resourceVersion: '100' } } });
  });
});

describe('what is ours', () => {
  const object = {
    list: [{ name: 'a', port: 1, tls: true }, { name: 'b' }],
    map: { x: 1, y: 2 },
    set: ['p', 'q'],
    text: 't',
    whole: { z: 1 },
  };

  it('is named field by field, and things that only exist by us are named empty', () => {
    const fields = {
      'f:list': { '.': {}, 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:port': {} } },
      'f:map': { '.': {} },
      'f:set': { 'v:"q"': {} },
      'f:text': {},
      'f:whole': {},
      'f:gone': {},
    };
    expect(ownedPart(object, fields)).toEqual({
      list: [{ name: 'a', port: 1 }],
      map: {},
      set: ['q'],
      text: 't',
      whole: { z: 1 },
    });
    expect(ownedPart(object, { 'f:list': { 'k:{"name":"b"}': { '.': {} } } })).toEqual({ list: [{ name: 'b' }] });
  });
});

describe('owners', () => {
  it('are found by names, keys and values', () => {
    const managers = readManagers(kafka);
    const names = (path: string): readonly string[] => ownersOf(managers, readFieldPath(path)).map(({ name }) => name);
    expect(names('.spec.kafka.listeners[name="tls"].port')).toEqual(['kubectl-client-side-apply']);
    expect(names('.spec.kafka.config')).toEqual(['kubectl-client-side-apply', 'data-clusters']);
    expect(names('.spec.kafka.listeners[name="other"]')).toEqual([]);
  });

  it('are named in the sentences about a conflict', () => {
    const problem = new ClusterProblem('conflict', 'Apply failed with 2 conflicts', {
      causes: [
        {
          field: '.spec.replicas',
          reason: 'FieldManagerConflict',
          message: 'conflict with "kubectl-edit" using apps/v1',
        },
        {
          field: '.spec.ports[containerPort=80,protocol="TCP"].name',
          reason: 'FieldManagerConflict',
          message: 'conflict with "odd\u0007one"',
        },
      ],
    });
    expect(describeConflicts(readConflicts(problem))).toEqual([
      'kubectl-edit (somebody with kubectl) owns spec.replicas',
      'odd one owns spec.ports[containerPort=80,protocol=TCP].name',
    ]);
    expect(readConflicts(new ClusterProblem('conflict', 'the object has been modified'))).toEqual([]);
  });

  it('of a replacement come from the object itself', () => {
    const plan = planWrite(kafka, edited(kafka, [...listeners, 1], undefined));
    const changes = plan.kind === 'nothing' ? [] : plan.changes;
    expect(describeConflicts(conflictsOf(changes))).toEqual([
      'kubectl-client-side-apply (somebody with kubectl) owns spec.kafka.listeners[name=tls]',
    ]);
  });

  it('the confirmation names context, namespace and object', () => {
    const address = {
      group: 'kafka.strimzi.io',
      version: 'v1',
      plural: 'kafkas',
      namespaced: true,
      namespace: 'prod',
      name: 'orders',
    };
    const changes = ['a', 'b', 'c', 'd', 'e'].map((path) => ({ path, change: 'set' as const, owners: [] }));
    expect(writeQuestion({ kind: 'object', context: 'prod-eu', address, apiKind: 'Kafka' })).toBe(
      'Write Kafka orders in the namespace prod in prod-eu?',
    );
    expect(describeChanges(changes)).toBe('5 fields change: a, b, c, d and 1 more');
  });
});

describe('paths of fields', () => {
  it.each([
    ['spec.containers[0].ports[1].name', ['spec', 'containers', { index: 0 }, 'ports', { index: 1 }, 'name']],
    ['metadata.labels[app.kubernetes.io/name]', ['metadata', 'labels', 'app.kubernetes.io/name']],
    ['.spec.c[name="a.b]c"].x', ['spec', 'c', { keys: { name: 'a.b]c' } }, 'x']],
    [
      '.spec.ports[containerPort=80,protocol="TCP"]',
      ['spec', 'ports', { keys: { containerPort: 80, protocol: 'TCP' } }],
    ],
    ['.metadata.finalizers[="a"]', ['metadata', 'finalizers', { value: 'a' }]],
    ['', []],
  ])('%s is read', (text, path) => {
    expect(readFieldPath(text)).toEqual(path);
  });

  it('are printed for people', () => {
    expect(formatFieldPath(readFieldPath('.a.b[name="x"].c[0][d.e/f]'))).toBe('a.b[name=x].c[0][d.e/f]');
  });
});
