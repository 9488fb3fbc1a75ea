import { describe, expect, test } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';
import type { RunState } from '#core/operations/model.ts';
import type { ConfigureWish } from '#core/operations/wishes.ts';
import { cli, planWith, precondition, recordOf, type Cli } from './operateCli.ts';

const undo = ['configure', 'kafka/orders', '--undo'] as const;
const done: RunState = { kind: 'done' };
const configured = planWith({ operation: 'configure' });
const forAll: ConfigureWish = { operation: 'configure', settings: { 'log.retention.ms': null, 'num.partitions': '1' } };
const forOne: ConfigureWish = {
  operation: 'configure',
  settings: { 'log.retention.ms': '5', 'ssl.principal.mapping.rules': "RULE:^CN=(.*)$/$1/, it's" },
  member: 'orders-1',
};
const left = `Left to be put back after this, in this order:
  data-clusters configure kafka/orders -n prod --set log.retention.ms=5 --set 'ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/, it'\\''s' --member orders-1
`;

async function stage(...undos: readonly ConfigureWish[]): Promise<Cli> {
  const one = await cli();
  one.operations.current = recordOf(configured, done);
  one.operations.undos = undos;
  return one;
}

describe('configure --undo', () => {
  test('plans and runs what puts the last change back, with the same consent', async () => {
    const { run, operations } = await stage(forAll);
    expect((await run(...undo)).err).toContain('Nobody is there to agree to this plan.');
    expect(operations.runs).toEqual([]);
    const { code, out, err } = await run(...undo, '--yes');
    expect([code, err]).toEqual([0, '']);
    expect(out.endsWith('Done.\n')).toBe(true);
    expect(out).not.toContain('Left to be put back');
    expect(operations.wishes).toEqual([forAll, forAll]);
    expect(operations.runs.length).toBe(1);
  });

  test('wants the name where the plan needs consent', async () => {
    const { run, operations } = await stage(forAll);
    operations.planned = planWith({ needsTypedName: true, preconditions: [precondition('consent')] });
    expect((await run(...undo, '--yes')).err).toContain('Add --confirm orders');
    expect((await run(...undo, '--confirm', 'orders')).code).toBe(0);
    expect(operations.runs.length).toBe(1);
  });

  test('does the first of several, and says in the end what comes next, for a shell', async () => {
    const { run, operations } = await stage(forAll, forOne);
    const { code, out } = await run(...undo, '--yes');
    expect(code).toBe(0);
    expect(out.endsWith(`Done.\n${left}`)).toBe(true);
    expect(operations.wishes).toEqual([forAll]);
    // What is told there is what is wished.
    const words = ['--set', 'log.retention.ms=5', '--set', "ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/, it's"];
    await run('configure', 'kafka/orders', '-n', 'prod', ...words, '--member', 'orders-1', '--dry-run');
    expect(operations.wishes[1]).toEqual(forOne);
  });

  test('only plans with --dry-run and as plan, and keeps the output of programs free of it', async () => {
    const { run, operations } = await stage(forAll, forOne);
    expect((await run('plan', ...undo)).out.endsWith(left)).toBe(true);
    const { out, err } = await run(...undo, '--dry-run', '-o', 'json', '--context', 'test');
    expect(
      out
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toHaveLength(1);
    expect(err).toContain('-n prod --context test --set log.retention.ms=5');
    expect(operations.runs).toEqual([]);
  });

  test('says what is left also where the first cannot be planned', async () => {
    const { run, operations } = await stage(forAll, forOne);
    operations.plan = async () => {
      throw new ClusterProblem('absent', 'Nothing is to be done: every broker has this value.');
    };
    const { code, out, err } = await run(...undo, '--yes');
    expect([code, out]).toEqual([2, left]);
    expect(err).toContain('Nothing is to be done');
  });

  test('is about the last change of settings, whatever was done since', async () => {
    const { run, operations } = await stage(forAll);
    operations.current = recordOf(planWith(), done);
    expect((await run(...undo, '--yes')).err).toContain(
      'No change of settings of kafka/orders is written down in prod.',
    );
    operations.earlier = [
      recordOf(planWith({ operation: 'scale' }), done),
      recordOf(configured, { kind: 'cancelled' }),
    ];
    expect((await run(...undo, '--yes')).code).toBe(0);
    expect(operations.wishes).toEqual([forAll]);
  });

  test.each([
    [{ kind: 'paused', reason: '', fix: '' }, 'has not ended: it is paused.'],
    [{ kind: 'running' }, 'has not ended: it is running.'],
  ] as const)('does not reach behind a change that is %o', async (state, text) => {
    const { run, operations } = await stage(forAll);
    operations.current = recordOf(configured, state);
    operations.earlier = [recordOf(configured, done)];
    const { code, err } = await run(...undo, '--yes');
    expect(code).toBe(2);
    expect(err).toContain(`The last change of settings of kafka/orders, begun by ann@desk (1) at 2026-01-01T11:00:00`);
    expect(err).toContain(text);
    expect(operations.wishes).toEqual([]);
  });

  test('has nothing to do without a journal, and where nothing was changed', async () => {
    const { run, operations } = await stage();
    expect(await run(...undo, '--yes')).toMatchObject({ code: 2 });
    expect((await run(...undo)).err).toContain('has changed nothing that can be put back.');
    operations.current = undefined;
    expect((await run(...undo)).err).toContain('No change of settings of kafka/orders is written down');
    expect(operations.wishes).toEqual([]);
  });

  test.each([
    [[...undo, '--set', 'a=b'], '--undo says by itself what is set where.'],
    [[...undo, '--unset', 'a'], '--undo says by itself what is set where.'],
    [[...undo, '--member', 'orders-1'], '--undo says by itself what is set where.'],
    [[...undo, '--file', 'x'], "Unknown option '--file'"],
    [['configure', 'node/worker-3', '--undo'], 'A node cannot be given to configure.'],
    [['configure', 'helm/orders', '--undo'], 'A Helm release cannot be given to configure.'],
    [['restart', 'kafka/orders', '--undo'], "Unknown option '--undo'"],
    [[...undo, '-o', 'markdown'], 'Only a plan can be Markdown.'],
  ] as const)('%j cannot run', async (args, text) => {
    const { run, operations } = await stage(forAll);
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(text);
    expect(operations.wishes).toEqual([]);
  });

  test('is in the help', async () => {
    const { run } = await cli();
    expect((await run('help', 'configure')).out).toMatch(
      /configure kafka\/NAME --set name=value \| --undo[^]*--undo {3}/,
    );
  });
});
