import { describe, expect, it } from 'vitest';
import { chooseDefinitions, groupsNamedIn } from '#core/live/clusterDefinitions.ts';
import { describeCommand, execCommand, getCommand, logsCommand, quoteForShell } from '#core/live/kubectlCommand.ts';
import { ClusterProblem } from '#core/live/ports.ts';
import { placeRefusals } from '#core/live/refusals.ts';
import { describeMissing, rightsFor, roleManifest } from '#core/live/rights.ts';
import { describeObject, objectOf, podOf, readTarget, type ObjectTarget, type PodTarget } from '#core/live/target.ts';
import { toPlainValue } from '#core/schema/plainValue.ts';
import { systems } from '#core/systems/registry.ts';
import { splitDocuments } from '#core/yaml/documents.ts';
import { parseDocumentText } from '#core/yaml/parse.ts';
import { definitionOf } from '#test/support/clusterDefinitions.ts';

const kafka: ObjectTarget = {
  kind: 'object',
  context: 'prod-eu',
  address: {
    group: 'kafka.strimzi.io',
    version: 'v1',
    plural: 'kafkas',
    namespaced: true,
    namespace: 'prod',
    name: 'orders',
  },
  apiKind: 'Kafka',
};
const pod: PodTarget = { kind: 'pod', context: 'prod-eu', namespace: 'prod', name: 'orders-0' };

describe('commands to copy', () => {
  it('name context and namespace', () => {
    expect(getCommand(kafka)).toBe(
      'kubectl --context=prod-eu --namespace=prod get kafkas.v1.kafka.strimzi.io/orders -o yaml',
    );
    expect(logsCommand(pod, 'kafka')).toBe(
      'kubectl --context=prod-eu --namespace=prod logs --follow pod/orders-0 --container=kafka',
    );
    expect(execCommand(pod, 'kafka')).toBe(
      'kubectl --context=prod-eu --namespace=prod exec -it pod/orders-0 --container=kafka -- sh',
    );
  });

  it('leave the namespace out where there is none', () => {
    const node: ObjectTarget = {
      ...kafka,
      apiKind: 'Node',
      address: { group: '', version: 'v1', plural: 'nodes', namespaced: false, namespace: '', name: 'n1' },
    };
    expect(describeCommand(node)).toBe('kubectl --context=prod-eu describe nodes/n1');
  });

  it.each([
    ['arn:aws:eks:eu-1:12/prod', '--context=arn:aws:eks:eu-1:12/prod'],
    ['it\'s $(rm -rf ~) `x` "y"', String.raw`'--context=it'\''s $(rm -rf ~) ${'`x`'} "y"'`],
    ['a b', "'--context=a b'"],
    ['-o', '--context=-o'],
    ['ü', "'--context=ü'"],
  ])('keep the context %s one word', (context, word) => {
    expect(getCommand({ ...kafka, context })).toContain(`kubectl ${word} --namespace`);
  });

  it('quote the empty word', () => {
    expect(quoteForShell('')).toBe("''");
  });
});

describe('targets', () => {
  it('are read from rows and from themselves, and nothing else is one', () => {
    expect(readTarget(kafka)).toBe(kafka);
    expect(readTarget({ id: 'x', target: pod })).toBe(pod);
    for (const other of [
      undefined,
      null,
      'x',
      {},
      { target: {} },
      { kind: 'object', context: 'a', apiKind: 'X' },
      { kind: 'toString', context: 'a' },
    ])
      expect(readTarget(other)).toBeUndefined();
  });

  it('a pod is an object and the other way round', () => {
    const object = objectOf(pod);
    expect(object).toMatchObject({ apiKind: 'Pod', address: { plural: 'pods', namespace: 'prod', name: 'orders-0' } });
    expect(object && podOf(object)).toEqual(pod);
    expect(podOf(kafka)).toBeUndefined();
    expect(describeObject(kafka)).toBe('Kafka orders in the namespace prod');
  });
});

describe('rights', () => {
  const missing = (action: Parameters<typeof rightsFor>[0], reason = '') =>
    rightsFor(action, kafka.address).map((right) => ({ right, reason }));

  it('that are missing are told with what, where and why', () => {
    expect(describeMissing(missing('logs', 'no role\u0000 allows it'), 'prod-eu')).toBe(
      'You have no right to read logs of pods in the context prod-eu. Needed: get pods/log in the namespace prod. The server says: no role allows it.',
    );
    expect(describeMissing(missing('readDefinitions'), 'prod-eu')).toBe(
      'You have no right to read the definitions of kinds in the context prod-eu. Needed: list customresourcedefinitions.apiextensions.k8s.io in the whole cluster.',
    );
  });

  it('of an edit are given by a Role for that object and no other', () => {
    const [role, binding] = readDocuments(roleManifest('edit', missing('edit', 'User "jane" cannot patch')));
    expect(role).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'data-clusters-edit', namespace: 'prod' },
      rules: [
        {
          apiGroups: ['kafka.strimzi.io'],
          resources: ['kafkas'],
          resourceNames: ['orders'],
          verbs: ['get', 'patch', 'update'],
        },
      ],
    });
    expect(binding).toMatchObject({
      kind: 'RoleBinding',
      roleRef: { kind: 'Role', name: 'data-clusters-edit' },
      subjects: [{ kind: 'User', name: 'jane' }],
    });
  });

  it('of a shell cover both ways to connect', () => {
    const [role] = readDocuments(roleManifest('shell', missing('shell')));
    expect(role).toMatchObject({ rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] }] });
  });

  it('in the whole cluster are given by a ClusterRole, whose user has to be filled in', () => {
    const text = roleManifest('readDefinitions', missing('readDefinitions'));
    const [role, binding] = readDocuments(text);
    expect(role).toMatchObject({
      kind: 'ClusterRole',
      metadata: { name: 'data-clusters-read-definitions' },
      rules: [{ verbs: ['list'] }],
    });
    expect(binding).toMatchObject({ kind: 'ClusterRoleBinding', subjects: [{ name: 'NAME-OF-THE-USER' }] });
    expect(text).toContain('kubectl auth whoami');
  });
});

function readDocuments(text: string): readonly unknown[] {
  return splitDocuments(text).map(({ start, end }) => toPlainValue(parseDocumentText(text.slice(start, end)).root));
}

describe('refusals of a server', () => {
  const text =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n  - name: x\n    image: y\n  - name: z\n';
  const place = (field: string, message = 'Invalid value'): readonly string[] =>
    placeRefusals(
      new ClusterProblem('invalid', 'Pod "a" is invalid', {
        causes: [{ field, message, reason: 'FieldValueInvalid' }],
      }),
      parseDocumentText(text).root,
    ).map(({ range, message }) => `${text.slice(range.start, range.end)} | ${message}`);

  it.each([
    ['metadata.name', 'name: a | metadata.name: Invalid value'],
    ['spec.containers[0].image', 'image: y | spec.containers[0].image: Invalid value'],
    ['spec.containers[1].image', 'name | spec.containers[1].image: Invalid value'],
    ['.spec.containers[name="z"].name', 'name: z | .spec.containers[name="z"].name: Invalid value'],
    ['spec.volumes[3].name', 'spec | spec.volumes[3].name: Invalid value'],
    ['', 'apiVersion | Invalid value'],
  ])('at %s stand at the nearest thing the text has', (field, told) => {
    expect(place(field)).toEqual([told]);
  });

  it('name their field once, and are plain text', () => {
    expect(place('spec.containers[0].image', 'spec.containers[0].image: Required\u001b[31m value')).toEqual([
      'image: y | spec.containers[0].image: Required [31m value',
    ]);
  });

  it('without causes stand where the message points to, or at the top', () => {
    const { root } = parseDocumentText(text);
    const strict = new ClusterProblem('invalid', 'strict decoding error: unknown field "spec.containers[0].image"');
    expect(placeRefusals(strict, root)[0]?.range.start).toBe(text.indexOf('image: y'));
    expect(placeRefusals(new ClusterProblem('invalid', 'admission webhook denied the request'), root)).toEqual([
      { range: { start: 0, end: 10 }, message: 'admission webhook denied the request' },
    ]);
  });
});

describe('definitions for the language server', () => {
  const described = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object' } } } };
  const strimzi = {
    ...definitionOf('string'),
    metadata: { name: 'kafkas.kafka.strimzi.io' },
    spec: {
      group: 'kafka.strimzi.io',
      names: { kind: 'Kafka' },
      versions: [
        { name: 'v1', schema: described, additionalPrinterColumns: [] },
        { name: 'v1beta2', schema: {} },
      ],
    },
  };

  it('are those of known groups and of groups that the workspace names', () => {
    const objects = [definitionOf('string'), strimzi];
    const names = (groups: readonly string[]): readonly string[] =>
      chooseDefinitions(objects, new Set(groups)).definitions.map(({ name }) => name);
    expect(names([])).toEqual(['kafkas.kafka.strimzi.io']);
    expect(names(['example.org'])).toEqual(['gauges.example.org', 'kafkas.kafka.strimzi.io']);
  });

  it('are those of every system', () => {
    const groups = systems.flatMap(({ kinds }) => kinds.map(({ group }) => group));
    const objects = groups.map((group) => ({
      ...strimzi,
      metadata: { name: group },
      spec: { ...strimzi.spec, group },
    }));
    expect(chooseDefinitions(objects, new Set()).definitions.map(({ name }) => name)).toEqual(groups);
  });

  it('carry what describes their kinds and nothing else', () => {
    const [definition] = chooseDefinitions([{ ...strimzi, status: { x: 1 } }], new Set()).definitions;
    expect(definition?.json).not.toMatch(/status|additionalPrinterColumns|metadata/);
    expect(definition?.json).toContain('"group":"kafka.strimzi.io"');
  });

  it('leave out versions that describe nothing, of which the bundled schemas know more', () => {
    const [definition] = chooseDefinitions([strimzi], new Set()).definitions;
    expect(definition?.json).not.toContain('v1beta2');
    const { spec, ...rest } = strimzi;
    const open = {
      ...rest,
      spec: { ...spec, versions: [{ name: 'v1', schema: { openAPIV3Schema: { type: 'object' } } }] },
    };
    expect(chooseDefinitions([open], new Set()).definitions).toEqual([]);
  });

  it('groups are found in texts of any shape', () => {
    const text =
      'apiVersion: apps/v1\n---\n"apiVersion": "example.org/v1"\nitems:\n- apiVersion: other.org/v2\n# apiVersion: no.org/v1\napiVersion: v1\n';
    expect(groupsNamedIn(text)).toEqual(['apps', 'example.org', 'other.org']);
  });
});
