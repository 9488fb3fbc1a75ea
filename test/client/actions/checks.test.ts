import { describe, expect, it } from 'vitest';
import { checkFile } from '#client/actions/checks/checkFile.ts';
import { ChosenCluster } from '#client/actions/checks/chosenCluster.ts';
import { describeCheck } from '#client/actions/checks/describeCheck.ts';
import { ClusterProblem, type JsonObject, type ObjectAddress, type WriteOptions } from '#core/live/ports.ts';
import { textAt } from '#core/live/reading.ts';
import { neverCancelled, type Log } from '#core/ports.ts';
import type { ClusterSchemas } from '#core/protocol.ts';
import { CLUSTER_VERSION, definitionOf } from '#test/support/clusterDefinitions.ts';
import { settle } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';

/** A server that objects to what a test says. */
class StrictCluster extends FakeCluster {
  readonly tried: { readonly address: ObjectAddress; readonly options: WriteOptions }[] = [];
  objections = new Map<string, ClusterProblem>();

  override async apply(address: ObjectAddress, object: JsonObject, options: WriteOptions = {}): Promise<JsonObject> {
    this.tried.push({ address, options });
    const objection = this.objections.get(textAt(object, 'metadata', 'name'));
    if (objection) throw objection;
    return super.apply(address, object, options);
  }
}

const file = `# a comment
apiVersion: v1
kind: Service
metadata:
  name: good
spec: {}
---
apiVersion: v1
kind: Service
metadata:
  name: bad
  namespace: other
spec:
  type: Odd
---
apiVersion: example.org/v9
kind: Nobody
metadata:
  name: x
---
a: [
`;

const invalid = new ClusterProblem('invalid', 'Service "bad" is invalid', {
  causes: [{ field: 'spec.type', message: 'Unsupported value: "Odd"', reason: 'FieldValueNotSupported' }],
});

describe('checkFile', () => {
  it('lets the server try every object, keeps nothing, and shows objections at their places', async () => {
    const cluster = new StrictCluster({ name: 'prod-eu', namespace: 'apps' });
    cluster.objections.set('bad', invalid);
    const check = await checkFile(file, cluster, neverCancelled);
    expect(check.refusals.map(({ range, message }) => [file.slice(range.start, range.end), message])).toEqual([
      ['type: Odd', 'spec.type: Unsupported value: "Odd"'],
      ['apiVersion: example.org/v9', 'The cluster of prod-eu does not serve example.org/v9 Nobody.'],
    ]);
    expect(check).toMatchObject({ asked: 3, problems: [expect.stringMatching(/^Line 21 is no YAML/)] });
    expect(cluster.tried.map(({ address, options }) => [address.namespace, options])).toEqual([
      ['apps', { dryRun: true, force: true }],
      ['other', { dryRun: true, force: true }],
    ]);
    await expect(cluster.get({ ...addressOf('services'), namespace: 'apps', name: 'good' })).rejects.toThrow(
      'not found',
    );
  });

  it('names the rights that are missing and asks about the rest', async () => {
    const cluster = new StrictCluster();
    cluster.isForbidden = ({ namespace }) => namespace === 'other';
    const { asked, missing } = await checkFile(file, cluster, neverCancelled);
    expect(asked).toBe(2);
    expect(missing.map(({ right }) => right.anyOf)).toEqual([
      [{ verb: 'patch', group: '', resource: 'services', namespace: 'other', name: 'bad' }],
    ]);
  });

  it('fails as a whole when the server cannot be asked', async () => {
    const cluster = new StrictCluster();
    cluster.objections.set('good', new ClusterProblem('unreachable', 'reset'));
    await expect(checkFile(file, cluster, neverCancelled)).rejects.toThrow('reset');
  });

  it('leaves templates alone and says so', async () => {
    const check = await checkFile('kind: {{ .Values.kind }}\n', new StrictCluster(), neverCancelled);
    expect(check).toMatchObject({ asked: 0, problems: [expect.stringContaining('template')] });
  });

  it('is told in a sentence that is true', () => {
    const none = { refusals: [], problems: [], missing: [] };
    const refusal = { range: { start: 0, end: 1 }, message: 'x' };
    expect(describeCheck({ ...none, asked: 1 }, 'c')).toBe('c takes the object of this file.');
    expect(describeCheck({ ...none, asked: 3 }, 'c')).toBe('c takes all 3 objects of this file.');
    expect(describeCheck({ ...none, asked: 2, refusals: [refusal] }, 'c')).toBe(
      'c was asked about 2 objects and has 1 objection.',
    );
    expect(describeCheck({ ...none, asked: 0, problems: ['Why.'] }, 'c')).toBe(
      'There is no object in this file to ask about. Why.',
    );
  });
});

function addressOf(plural: string) {
  return { group: '', version: 'v1', plural, namespaced: true };
}

class FakeState {
  readonly values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.values.get(key);
  }

  async update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
  }
}

const NAME = 'prod-eu';

function setUp(state = new FakeState()) {
  const cluster = new FakeCluster({ name: NAME });
  cluster.serverVersion = { minor: CLUSTER_VERSION, gitVersion: `v${CLUSTER_VERSION}.1` };
  cluster.put(definitionOf('string'));
  const told: (ClusterSchemas | null)[] = [];
  const warnings: string[] = [];
  const connected: string[] = [];
  let opened = 0;
  let changed: () => void = () => undefined;
  const log: Log = {
    error: () => undefined,
    warn: (text) => warnings.push(text),
    info: () => undefined,
    debug: () => undefined,
  };
  const chosen = new ChosenCluster({
    access: {
      clusterOf: async () => {
        opened += 1;
        return cluster;
      },
      connectedContexts: () => connected,
      onDidChangeViews: (listener) => {
        changed = listener;
        return { stop: () => undefined };
      },
    },
    state,
    groups: () => new Set(['example.org']),
    tell: async (schemas) => void told.push(schemas),
    log,
  });
  const connect = async (): Promise<void> => {
    connected.push(NAME);
    changed();
    await settle();
  };
  return { chosen, cluster, told, warnings, state, connect, openings: () => opened };
}

describe('the cluster for checks', () => {
  it('is read when it is chosen, and remembered', async () => {
    const { chosen, told, state } = setUp();
    await chosen.choose(NAME);
    expect(told).toMatchObject([
      { context: NAME, kubernetesVersion: CLUSTER_VERSION, definitions: [{ name: 'gauges.example.org' }] },
    ]);
    expect([...state.values.values()]).toEqual([NAME]);
    await chosen.tellAgain();
    expect(told).toHaveLength(2);
  });

  it('is forgotten when none is chosen', async () => {
    const { chosen, told } = setUp();
    await chosen.choose(NAME);
    await chosen.choose(undefined);
    expect(told.at(-1)).toBeNull();
    expect(chosen.context).toBeUndefined();
    await chosen.tellAgain();
    expect(told).toHaveLength(2);
  });

  it('of an earlier window is not contacted before the user connects it, and read once then', async () => {
    const first = setUp();
    await first.chosen.choose(NAME);
    const { chosen, told, connect, openings } = setUp(first.state);
    expect([chosen.context, chosen.isRead, openings()]).toEqual([NAME, false, 0]);
    await connect();
    await connect();
    expect(told).toHaveLength(1);
    expect([chosen.isRead, openings()]).toEqual([true, 1]);
  });

  it('stays as it was when the new one cannot be read', async () => {
    const { chosen, cluster, told } = setUp();
    await chosen.choose(NAME);
    cluster.failure = new ClusterProblem('unreachable', 'reset');
    await expect(chosen.choose('other')).rejects.toThrow('reset');
    expect(chosen.context).toBe(NAME);
    expect(told).toHaveLength(1);
  });

  it('is worth its version where definitions may not be listed', async () => {
    const { chosen, cluster, told, warnings } = setUp();
    cluster.isForbidden = ({ resource }) => resource === 'customresourcedefinitions';
    await chosen.choose(NAME);
    expect(told).toEqual([{ context: NAME, kubernetesVersion: CLUSTER_VERSION, definitions: [] }]);
    expect(warnings).toHaveLength(1);
  });
});
