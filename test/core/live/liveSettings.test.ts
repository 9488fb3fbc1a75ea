import { describe, expect, it } from 'vitest';
import { matchesContext, policyOf, readLiveSettings } from '#core/live/liveSettings.ts';

const noLevels = { protectedContexts: [], readOnlyContexts: [] };

describe('patterns of contexts', () => {
  it.each([
    ['prod', 'prod', true],
    ['prod', 'prod-2', false],
    ['prod*', 'prod-2', true],
    ['*', '', true],
    ['*prod', 'my-prod', true],
    ['*prod*', 'a/prod/b', true],
    ['arn:aws:eks:*:cluster/prod', 'arn:aws:eks:eu-west-1:1:cluster/prod', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['ab*bc', 'abc', false],
    ['a*a', 'a', false],
    ['a.c', 'abc', false],
    ['Prod', 'prod', false],
  ])('%s against %s: %s', (pattern, context, expected) => {
    expect(matchesContext(pattern, context)).toBe(expected);
  });

  it('take no longer for many stars', () => {
    expect(matchesContext(`${'*a'.repeat(2000)}b`, 'a'.repeat(20_000))).toBe(false);
  });
});

describe('the settings about live clusters', () => {
  it('are all empty when nothing is set', () => {
    expect(readLiveSettings(undefined, noLevels)).toEqual({
      settings: { kubeconfig: [], namespaces: {}, protectedContexts: [], readOnlyContexts: [], inside: 'onDemand' },
      problems: [],
    });
  });

  it('protect what any level of settings protects', () => {
    const levels = { protectedContexts: [['prod'], undefined, ['*live*', 'prod']], readOnlyContexts: [['audit']] };
    const { settings } = readLiveSettings({ protectedContexts: [] }, levels);
    expect(settings.protectedContexts).toEqual(['prod', '*live*']);
    expect(policyOf('prod', settings)).toMatchObject({ isProtected: true, isReadOnly: false });
    expect(policyOf('audit', settings)).toMatchObject({ isProtected: false, isReadOnly: true });
  });

  it('name the namespaces of every pattern that fits', () => {
    const section = { namespaces: { 'prod*': ['a', 'b'], '*-eu': ['b', 'c'], dev: ['d'] } };
    const { settings } = readLiveSettings(section, noLevels);
    expect(policyOf('prod-eu', settings).namespaces).toEqual(['a', 'b', 'c']);
    expect(policyOf('test', settings).namespaces).toBeUndefined();
  });

  it('say what cannot be used, and use the rest', () => {
    const section = { kubeconfig: 'x', namespaces: { a: ['b'], c: 'd' }, inside: 'always' };
    const { settings, problems } = readLiveSettings(section, { ...noLevels, readOnlyContexts: ['prod'] });
    expect(settings).toMatchObject({ kubeconfig: [], namespaces: { a: ['b'] }, inside: 'onDemand' });
    expect(problems.map((problem) => /dataClusters\.(\w+)/.exec(problem)?.[1] ?? '').toSorted(byText)).toEqual([
      'inside',
      'kubeconfig',
      'namespaces',
      'readOnlyContexts',
    ]);
  });
});

function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
