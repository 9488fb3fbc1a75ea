import { describe, expect, test } from 'vitest';
import type { RunState } from '#core/operations/model.ts';
import { cli, recordOf } from './operateCli.ts';

const asking: RunState = {
  kind: 'paused',
  reason: 'Next, the claim is deleted.',
  fix: 'Go on by typing catalog-2.',
  asks: { typed: 'catalog-2', step: 'replace', remember: { agreed: true } },
};

/** A run that is paused to have a name typed, and is done once it was. */
async function asked(...typed: readonly string[]): ReturnType<typeof cli> {
  const stage = await cli();
  const { operations, harness } = stage;
  if (typed.length > 0) harness.typed = [...typed];
  operations.run = async (order) => {
    operations.runs.push(order);
    return recordOf(order.plan, order.confirmed === 'catalog-2' ? { kind: 'done' } : asking);
  };
  return stage;
}

const confirmed = ({ operations }: Awaited<ReturnType<typeof asked>>): readonly (string | undefined)[] =>
  operations.runs.map((order) => order.confirmed);

const replace = ['replace', 'kafka/orders', '--member', 'catalog-2'] as const;

describe('what a run asks for before it cannot be taken back', () => {
  test('is typed where somebody sits', async () => {
    const stage = await asked('y', 'catalog-2');
    const { code, out, err } = await stage.run(...replace);
    expect([code, confirmed(stage)]).toEqual([0, [undefined, 'catalog-2']]);
    expect(out).toContain('Next, the claim is deleted.');
    expect(err).toContain('Type catalog-2 to go on: ');
  });

  test('is left when something else is typed', async () => {
    const stage = await asked('y', 'catalog-1');
    const { code, err } = await stage.run(...replace);
    expect([code, confirmed(stage)]).toEqual([1, [undefined]]);
    expect(err).toContain('resume kafka/orders -n prod --confirm-again catalog-2');
  });

  test('is given by an option, once, and never by --yes', async () => {
    const without = await asked();
    expect((await without.run(...replace, '--yes')).code).toBe(1);
    expect(confirmed(without)).toEqual([undefined]);
    const wrong = await asked();
    expect((await wrong.run(...replace, '--yes', '--confirm-again', 'orders')).err).toContain('it is about catalog-2');
    const right = await asked();
    expect((await right.run(...replace, '--yes', '--confirm-again', 'catalog-2')).code).toBe(0);
    expect(confirmed(right)).toEqual([undefined, 'catalog-2']);
  });

  test('that is asked anew is not answered by the same option', async () => {
    const stage = await asked();
    stage.operations.run = async (order) => {
      stage.operations.runs.push(order);
      return recordOf(order.plan, asking);
    };
    expect((await stage.run(...replace, '--yes', '--confirm-again', 'catalog-2')).code).toBe(1);
    expect(confirmed(stage)).toEqual([undefined, 'catalog-2']);
  });

  test('is asked by whoever resumes, before anything runs', async () => {
    const stage = await asked();
    stage.operations.current = recordOf(stage.operations.planned, asking);
    expect((await stage.run('resume', 'kafka/orders', '--yes')).code).toBe(1);
    expect(confirmed(stage)).toEqual([]);
    expect((await stage.run('resume', 'kafka/orders', '--confirm-again', 'catalog-2')).code).toBe(0);
    expect(confirmed(stage)).toEqual(['catalog-2']);
  });
});
