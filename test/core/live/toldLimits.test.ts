import { describe, expect, it } from 'vitest';
import { toldLimits } from '#core/live/toldLimits.ts';
import type { AccessLimit } from '#core/live/view.ts';

const limit = (resource: string, group = '', namespace?: string): AccessLimit => ({
  verb: 'list',
  group,
  resource,
  ...(namespace === undefined ? {} : { namespace }),
  reason: '',
});

describe('toldLimits', () => {
  it('names each right once, and the kinds of operators together', () => {
    const limits = [
      limit('pods'),
      limit('statefulsets', 'apps'),
      limit('services'),
      limit('services', '', 'kafka'),
      limit('nodes'),
      limit('kafkas', 'kafka.strimzi.io'),
      limit('kafkas', 'kafka.strimzi.io', 'kafka'),
    ];
    const { single, kinds } = toldLimits({ limits, namespaces: ['kafka'] });
    expect(single).toEqual([limit('pods'), limit('services', '', 'kafka'), limit('nodes')]);
    expect(kinds).toEqual([limit('kafkas', 'kafka.strimzi.io', 'kafka')]);
  });

  it('tells all where everything is watched at once', () => {
    const limits = [limit('services'), limit('secrets')];
    expect(toldLimits({ limits, namespaces: undefined }).single).toEqual(limits);
  });
});
