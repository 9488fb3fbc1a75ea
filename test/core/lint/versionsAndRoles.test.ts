import { describe, expect, test } from 'vitest';
import { checkFile } from '#core/lint/check.ts';
import { readPatchPaths } from '#core/lint/kustomization.ts';
import { findingsOf, makeEngine } from '#test/support/lint.ts';

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  resources: {limits: {cpu: 1}}\n  containers: [{name: a, image: b}]\n';

describe('a field that is newer than the cluster', () => {
  test('is refused there, with the version that knows it', async () => {
    const engine = await makeEngine({ kubernetesVersion: '1.31' });
    const [finding, ...others] = checkFile(pod, engine).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'DEC04', path: 'spec.resources', since: '1.32' });
    expect(finding?.message).toContain('exists since Kubernetes 1.32, and this manifest is for 1.31');
  });

  test('is fine where the cluster knows it', async () => {
    expect(await findingsOf(pod, { kubernetesVersion: '1.32' })).toEqual([]);
    expect(await findingsOf(pod)).toEqual([]);
  });
});

describe('a List', () => {
  const list = (spec: string): string =>
    `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Service\n  metadata: {name: a}\n  spec:\n    ${spec}\n- apiVersion: example.org/v1\n  kind: Thing\n  spec: {any: thing}\n`;

  test('has every item checked as the object it is', async () => {
    expect(await findingsOf(list('ports: [{port: 80}]'))).toEqual([]);
    expect(await findingsOf(list('port: 80'))).toEqual(['8:5 DEC04 items[0].spec.port']);
  });
});

describe('a part of an object', () => {
  const patch = 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  replicas: 5\n';

  test('is not asked for what it leaves out, but for the right types', async () => {
    const engine = await makeEngine();
    expect(checkFile(patch, engine).findings.map(({ code }) => code)).toContain('VAL01');
    expect(checkFile(patch, engine, { isPatch: true }).findings).toEqual([]);
    const wrong = checkFile(patch.replace('5', 'five'), engine, { isPatch: true }).findings;
    expect(wrong.map(({ path }) => path)).toEqual(['spec.replicas']);
  });

  test('is named by its kustomization', () => {
    const text = `resources: [base.yaml]
patches:
- path: replicas.yaml
  target: {kind: StatefulSet}
- patch: |-
    - op: remove
patchesStrategicMerge:
- labels.yaml
- |-
  kind: Service
`;
    expect(readPatchPaths(text)).toEqual(['replicas.yaml', 'labels.yaml']);
    expect(readPatchPaths('nothing: here\n')).toEqual([]);
  });
});
