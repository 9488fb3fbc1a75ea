import { describe, expect, it } from 'vitest';
import {
  applyEdit,
  type ApplyOutcome,
  type ApplyRequest,
  type ApplyUi,
  type ConfirmQuestion,
} from '#client/actions/apply/applyFlow.ts';
import { renderObject } from '#core/live/edit/shownObject.ts';
import { ClusterProblem, type JsonObject, type ObjectAddress, type WriteOptions } from '#core/live/ports.ts';
import { textAt } from '#core/live/reading.ts';
import type { ObjectTarget } from '#core/live/target.ts';
import { edited, kafka, secret } from '#test/core/live/edit/objects.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';

/** A server that checks versions and owners of an applied object as real ones do. */
class ApplyingCluster extends FakeCluster {
  owner: string | undefined;
  beforeWrite: (() => void) | undefined;

  override async apply(address: ObjectAddress, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    if (options.dryRun !== true) this.takeTurn();
    const live = await this.get(address);
    if (versionOf(object) !== '' && versionOf(object) !== versionOf(live)) throw stale();
    if (this.owner !== undefined && options.force !== true) throw owned(this.owner);
    return super.apply(address, object, options);
  }

  override async replace(address: ObjectAddress, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    if (options.dryRun !== true) this.takeTurn();
    return super.replace(address, object, options);
  }

  private takeTurn(): void {
    const turn = this.beforeWrite;
    this.beforeWrite = undefined;
    turn?.();
  }
}

const versionOf = (object: JsonObject): string => textAt(object, 'metadata', 'resourceVersion');
const stale = (): ClusterProblem => new ClusterProblem('conflict', 'the object has been modified', { status: 409 });
const owned = (owner: string): ClusterProblem =>
  new ClusterProblem('conflict', 'Apply failed with 1 conflict', {
    status: 409,
    causes: [
      {
        field: '.spec.kafka.config.num.partitions',
        reason: 'FieldManagerConflict',
        message: `conflict with "${owner}"`,
      },
    ],
  });

const kafkas = { group: 'kafka.strimzi.io', version: 'v1', plural: 'kafkas', namespaced: true };
const target: ObjectTarget = {
  kind: 'object',
  context: 'prod-eu',
  apiKind: 'Kafka',
  address: { ...kafkas, namespace: 'prod', name: 'orders' },
};

class FakeUi implements ApplyUi {
  readonly diffs: (readonly [string, string, string])[] = [];
  readonly questions: ConfirmQuestion[] = [];
  readonly takeOvers: (readonly string[])[] = [];
  readonly overlaps: (readonly string[])[] = [];
  readonly notes: string[] = [];
  answers = { confirm: true, takeOver: true, useMine: true };
  whileReading: (() => void) | undefined;

  async showDiff(before: string, after: string, title: string): Promise<void> {
    this.diffs.push([before, after, title]);
  }

  async confirm(question: ConfirmQuestion): Promise<boolean> {
    this.questions.push(question);
    const turn = this.whileReading;
    this.whileReading = undefined;
    turn?.();
    return this.answers.confirm;
  }

  async takeOver(lines: readonly string[]): Promise<boolean> {
    this.takeOvers.push(lines);
    return this.answers.takeOver;
  }

  async useMine(fields: readonly string[]): Promise<boolean> {
    this.overlaps.push(fields);
    return this.answers.useMine;
  }

  note(sentence: string): void {
    this.notes.push(sentence);
  }
}

const partitions = ['spec', 'kafka', 'config', 'num.partitions'];
const minimum = ['spec', 'kafka', 'config', 'min.insync.replicas'];

async function setUp() {
  const cluster = new ApplyingCluster({ name: 'prod-eu' });
  const definition = { ...kafkas, kind: 'Kafka', verbs: ['get'], versions: ['v1'] };
  cluster.serve(definition);
  cluster.put(kafka, secret);
  const base = await cluster.get(target.address);
  const request: ApplyRequest = {
    target,
    base,
    text: renderObject(base, { secrets: 'hidden' }).replace('num.partitions: 3', 'num.partitions: 6'),
    secrets: 'hidden',
    policy: { isProtected: false, isReadOnly: false },
  };
  const now = async (): Promise<JsonObject> => cluster.get(target.address);
  const change = (path: readonly string[], value: unknown) => async (): Promise<void> => {
    cluster.put(edited(await now(), path, value));
  };
  return { cluster, request, ui: new FakeUi(), now, change };
}

const reasonOf = (outcome: ApplyOutcome): string => (outcome.kind === 'refused' ? outcome.reason : '');
const written = (cluster: FakeCluster) => cluster.writes.filter(({ options }) => options.dryRun !== true);

describe('applyEdit', () => {
  it('tries, shows, asks and writes only what was changed', async () => {
    const { cluster, request, ui, now } = await setUp();
    const outcome = await applyEdit(request, cluster, ui);
    expect(outcome).toMatchObject({
      kind: 'written',
      object: { spec: { kafka: { config: { 'num.partitions': 6 } } } },
    });
    expect(cluster.writes.map(({ verb, options }) => [verb, options.dryRun ?? false])).toEqual([
      ['apply', true],
      ['apply', false],
    ]);
    expect(ui.diffs).toHaveLength(1);
    expect(ui.diffs[0]?.[0]).toContain('num.partitions: 3');
    expect(ui.diffs[0]?.[1]).toContain('num.partitions: 6');
    expect(ui.questions).toEqual([
      {
        question: 'Write Kafka orders in the namespace prod in prod-eu?',
        detail: '1 field changes: spec.kafka.config[num.partitions]',
        typedName: undefined,
      },
    ]);
    expect(JSON.stringify(written(cluster)[0]?.body)).not.toContain('listeners');
    expect(await now()).toMatchObject({ spec: { kafka: { listeners: [{ name: 'plain' }, { name: 'tls' }] } } });
  });

  it('writes nothing where a setting forbids it, before anything is asked', async () => {
    const { cluster, request, ui } = await setUp();
    const outcome = await applyEdit({ ...request, policy: { isProtected: true, isReadOnly: true } }, cluster, ui);
    expect(reasonOf(outcome)).toContain('read-only');
    expect(cluster.writes).toEqual([]);
  });

  it('asks for the name in protected contexts', async () => {
    const { cluster, request, ui } = await setUp();
    await applyEdit({ ...request, policy: { isProtected: true, isReadOnly: false } }, cluster, ui);
    expect(ui.questions[0]?.typedName).toBe('orders');
  });

  it('writes nothing when the answer is no', async () => {
    const { cluster, request, ui } = await setUp();
    ui.answers.confirm = false;
    expect(await applyEdit(request, cluster, ui)).toEqual({ kind: 'cancelled' });
    expect(written(cluster)).toEqual([]);
  });

  it('names the owners of fields and takes them over only when told to', async () => {
    const { cluster, request, ui } = await setUp();
    cluster.owner = 'argocd-controller';
    ui.answers.takeOver = false;
    expect(await applyEdit(request, cluster, ui)).toEqual({ kind: 'cancelled' });
    expect(ui.takeOvers).toEqual([['argocd-controller (Argo CD) owns spec.kafka.config.num.partitions']]);
    expect(cluster.writes).toEqual([]);
    ui.answers.takeOver = true;
    expect(await applyEdit(request, cluster, ui)).toMatchObject({ kind: 'written' });
    expect(written(cluster)[0]?.options).toEqual({ force: true });
  });

  it('asks about owners before it replaces an object to take a field away', async () => {
    const { cluster, request, ui, now } = await setUp();
    const text = request.text.replace(/.*min\.insync.*\n/, '').replace('num.partitions: 6', 'num.partitions: 3');
    expect(await applyEdit({ ...request, text }, cluster, ui)).toMatchObject({ kind: 'written' });
    expect(ui.takeOvers).toEqual([
      ['kubectl-client-side-apply (somebody with kubectl) owns spec.kafka.config[min.insync.replicas]'],
    ]);
    expect(written(cluster).map(({ verb }) => verb)).toEqual(['replace']);
    expect(await now()).toMatchObject({
      spec: { kafka: { config: { 'num.partitions': 3 } } },
      status: { clusterId: 'abc' },
    });
    expect(JSON.stringify(await now())).toContain('last-applied-configuration');
  });

  it('keeps what others changed meanwhile in other fields', async () => {
    const { cluster, request, ui, now, change } = await setUp();
    await change(minimum, 1)();
    expect(await applyEdit(request, cluster, ui)).toMatchObject({ kind: 'written' });
    expect(await now()).toMatchObject({
      spec: { kafka: { config: { 'num.partitions': 6, 'min.insync.replicas': 1 } } },
    });
  });

  it('shows what others made of the same field and asks before it is overridden', async () => {
    const { cluster, request, ui, change } = await setUp();
    await change(partitions, 12)();
    ui.answers.useMine = false;
    expect(await applyEdit(request, cluster, ui)).toEqual({ kind: 'cancelled' });
    expect(ui.overlaps).toEqual([['spec.kafka.config[num.partitions]']]);
    expect(ui.diffs[0]?.[0]).toContain('num.partitions: 12');
    expect(cluster.writes).toEqual([]);
  });

  it('looks again when the object changes while the user reads, and asks again because the result is another one', async () => {
    const { cluster, request, ui, now } = await setUp();
    const live = await now();
    cluster.beforeWrite = () => cluster.put(edited(live, minimum, 1));
    expect(await applyEdit(request, cluster, ui)).toMatchObject({ kind: 'written' });
    expect(ui.questions).toHaveLength(2);
    expect(ui.diffs[1]?.[0]).toContain('min.insync.replicas: 1');
    expect(await now()).toMatchObject({
      spec: { kafka: { config: { 'num.partitions': 6, 'min.insync.replicas': 1 } } },
    });
  });

  it('does not ask again when only the status moved', async () => {
    const { cluster, request, ui, now } = await setUp();
    const live = await now();
    cluster.beforeWrite = () => cluster.put(edited(live, ['status', 'observedGeneration'], 4));
    expect(await applyEdit(request, cluster, ui)).toMatchObject({ kind: 'written' });
    expect(ui.questions).toHaveLength(1);
    expect(await now()).toMatchObject({ status: { observedGeneration: 4 } });
  });

  it('gives up on an object that never stands still', async () => {
    const { cluster, request, ui, now } = await setUp();
    const live = await now();
    let count = 0;
    const again = (): void => {
      cluster.put(edited(live, ['status', 'observedGeneration'], ++count));
      cluster.beforeWrite = again;
    };
    cluster.beforeWrite = again;
    expect(reasonOf(await applyEdit(request, cluster, ui))).toContain('faster');
    expect(count).toBe(5);
  });

  it('never writes over another object of the same name', async () => {
    const { cluster, request, ui } = await setUp();
    cluster.put(edited(kafka, ['metadata', 'uid'], 'other'));
    expect(reasonOf(await applyEdit(request, cluster, ui))).toContain('made anew');
    expect(cluster.writes).toEqual([]);
  });

  it('tells what the server refuses, with its causes', async () => {
    const { cluster, request, ui } = await setUp();
    const problem = new ClusterProblem('invalid', 'Kafka "orders" is invalid', {
      causes: [{ field: 'spec.kafka.config', message: 'no', reason: 'FieldValueInvalid' }],
    });
    cluster.apply = () => Promise.reject(problem);
    expect(await applyEdit(request, cluster, ui)).toEqual({
      kind: 'refused',
      reason: 'Kafka "orders" is invalid',
      problem,
    });
  });

  it('tells where a text is broken, and says that a changed status counts for nothing', async () => {
    const { cluster, request, ui } = await setUp();
    expect(reasonOf(await applyEdit({ ...request, text: 'a: [' }, cluster, ui))).toContain('no YAML');
    const text = request.text
      .replace('clusterId: abc', 'clusterId: x')
      .replace('num.partitions: 6', 'num.partitions: 3');
    expect(await applyEdit({ ...request, text }, cluster, ui)).toMatchObject({ kind: 'unchanged' });
    expect(ui.notes).toEqual(['Changes to status are not written: the server owns them.']);
  });

  it('shows no value of a Secret that is hidden, on either side', async () => {
    const { cluster, request, ui } = await setUp();
    const address = { group: '', version: 'v1', plural: 'secrets', namespaced: true, namespace: 'prod', name: 'login' };
    const base = await cluster.get(address);
    const text = renderObject(base, { secrets: 'hidden' }).replace(/keystore: .*/, 'keystore: new');
    const outcome = await applyEdit(
      { ...request, target: { ...target, address, apiKind: 'Secret' }, base, text },
      cluster,
      ui,
    );
    expect(outcome).toMatchObject({
      kind: 'written',
      object: { data: { password: 'aHVudGVyMg==', keystore: 'bmV3' } },
    });
    expect(ui.diffs.flat().join('\n')).not.toMatch(/aHVudGVyMg|bmV3|u3\+7/);
    expect(ui.diffs[0]?.[1]).toContain('keystore: (hidden, changed, 3 bytes)');
  });
});
