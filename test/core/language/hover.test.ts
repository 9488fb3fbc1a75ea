import { describe, expect, test } from 'vitest';
import { describeAt, plainHover } from '#core/language/hover/hover.ts';
import { readCrdText } from '#core/schema/crdText.ts';
import { bundledDescriptions } from '#test/support/catalog.ts';
import { makeView, splitAtMark } from '#test/support/view.ts';

async function hover(marked: string): Promise<string | undefined> {
  const { text, offset } = splitAtMark(marked);
  return describeAt(await makeView(text), offset, await bundledDescriptions())?.markdown;
}

const statefulSet = (spec: string): string =>
  `apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n${spec}`;

describe('hover', () => {
  test('on a field tells type, default, our description and where it is', async () => {
    const text = await hover(statefulSet('  repl|icas: 3\n'));
    expect(text).toContain('**replicas** \u00b7 integer');
    expect(text).toContain('- Default: `1`');
    expect(text).toContain('decommission');
    expect(text).toContain('`spec.replicas` \u00b7 StatefulSet (Kubernetes 1.34)');
    expect(text).toMatch(/\[Reference\]\(https:/);
  });

  test('says what is required and what the allowed values are', async () => {
    expect(await hover(statefulSet('  sel|ector: {}\n'))).toContain('\u00b7 required');
    const policy = await hover(statefulSet('  podManagementPolicy: Par|allel\n'));
    expect(policy).toMatch(/Allowed: .*`OrderedReady`.*`Parallel`|Allowed: .*`Parallel`.*`OrderedReady`/);
  });

  test('says what cannot be changed, by the server or by a rule of the definition', async () => {
    expect(await hover(statefulSet('  serv|iceName: db\n'))).toContain('Cannot be changed later');
    expect(await hover(statefulSet('  repl|icas: 1\n'))).not.toContain('Cannot be changed');
    const job =
      'apiVersion: trainer.kubeflow.org/v1alpha1\nkind: TrainJob\nmetadata: {name: a}\nspec:\n  run|timeRef: {name: x}\n';
    expect(await hover(job)).toContain('Cannot be changed later');
  });

  test('says since when a field exists', async () => {
    expect(await hover(statefulSet('  ordi|nals: {start: 1}\n'))).toMatch(/Since Kubernetes 1\.\d+/);
  });

  test('puts an amount in other words', async () => {
    const claim = (amount: string): string =>
      statefulSet(
        `  volumeClaimTemplates:\n  - spec:\n      resources:\n        requests:\n          storage: ${amount}\n`,
      );
    expect(await hover(claim('8|Gi'))).toContain('`8Gi` is 8,589,934,592 bytes.');
    expect(await hover(claim('8|G'))).toContain('counts in thousands');
    expect(await hover(claim('"100|m"'))).toContain('thousandths');
    expect(await hover('apiVersion: v1\nkind: Pod\nspec:\n  terminationGracePeriodSeconds: 18|00\n')).toContain(
      '30 minutes',
    );
  });

  test('explains kinds, also those it has no schema for', async () => {
    expect(await hover('apiVersion: kafka.strimzi.io/v1\nkind: Kaf|ka\n')).toContain('schema: Strimzi');
    expect(await hover('apiVersion: example.org/v1\nkind: Thi|ng\n')).toContain('No schema is known for this kind');
  });

  test('shows the words of a definition in the workspace before ours', async () => {
    const { text, offset } = splitAtMark('apiVersion: example.org/v1\nkind: Ring\nspec:\n  si|ze: 3\n');
    const source = readCrdText(crd, { origin: 'workspace', name: 'crd.yaml' });
    const found = describeAt(await makeView(text, source), offset, await bundledDescriptions());
    expect(found?.markdown).toContain('Members of the ring, from its own definition.');
    expect(found?.markdown).toContain('Ring (crd.yaml)');
  });

  test('works on blocks that stand where they do not belong', async () => {
    const slide = `apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  template:\n    spec:\n      containers:\n      - name: db\n        volumeClaim|Templates:\n        - metadata:\n            name: data\n`;
    expect(await hover(slide)).toContain('`spec.volumeClaimTemplates`');
  });

  test('is silent in comments, blanks and other YAML', async () => {
    expect(await hover(statefulSet('  # rep|licas\n  replicas: 1\n'))).toBeUndefined();
    expect(await hover('name: a|\non: push\n')).toBeUndefined();
  });

  test('has a form without Markdown', () => {
    expect(plainHover('**a** \u00b7 `b` [Reference](https://example.org)')).toBe(
      'a \u00b7 b Reference: https://example.org',
    );
  });
});

const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: rings.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Ring, plural: rings, singular: ring, listKind: RingList}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size: {type: integer, description: 'Members of the ring, from its own definition.'}
`;
