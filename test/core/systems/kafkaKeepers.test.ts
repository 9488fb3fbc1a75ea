import { describe, expect, test } from 'vitest';
import { keepersOf } from '#core/operations/keepers.ts';

describe('who else keeps an object', () => {
  const of = (metadata: object): readonly string[] =>
    keepersOf({ metadata }, 'spec', 'replicas').map(({ who, when }) => `${who}, ${when}`);
  const field = (manager: string, operation = 'Update', subresource = ''): object => ({
    managedFields: [{ manager, operation, subresource, fieldsV1: { 'f:spec': { 'f:replicas': {} } } }],
  });

  test.each([
    ['nobody', {}, []],
    ['Argo CD by its annotation', { annotations: { 'argocd.argoproj.io/tracking-id': 'a' } }, ['Argo CD, at once']],
    ['Flux by its label', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'a' } }, ['Flux, at once']],
    ['Helm once', { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, ...field('helm') }, ['Helm, next time']],
    ['a person', field('kubectl-client-side-apply'), []],
    ['ourselves', field('data-clusters'), []],
    ['a program that scaled it', field('keda-operator', 'Update', 'scale'), ['the manager keda-operator, at once']],
    ['a program that applies it', field('deployer', 'Apply'), ['the manager deployer, at once']],
    ['the controller that writes the status', field('kube-controller-manager', 'Update', 'status'), []],
    ['an owner', { ownerReferences: [{ kind: 'Broker', name: 'x', controller: true }] }, ['Broker x, at once']],
  ])('%s', (_, metadata, who) => {
    expect(of(metadata)).toEqual(who);
  });

  test('and only for the field that is asked for', () => {
    const managedFields = [
      { manager: 'keda-operator', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:template': {} } } },
    ];
    expect(of({ managedFields })).toEqual([]);
  });
});
