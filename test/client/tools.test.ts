import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { toolNames } from '#client/contributions.ts';
import { modelTools, type ToolDeps } from '#client/tools/toolAnswers.ts';
import { objectsOf, textOf, valueAt, type JsonObject } from '#core/json.ts';
import type { ContextView } from '#core/live/view.ts';
import type { OperationWish } from '#core/operations/wishes.ts';
import { operations } from '#core/systems/operations.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { clusterOf, healthOf, judged, viewOf } from '#test/support/liveViews.ts';
import { planOf } from '../core/operations/plans.ts';

interface Asked {
  readonly deps: ToolDeps;
  readonly wishes: OperationWish[];
  readonly opened: string[];
}

function asked(views: Readonly<Record<string, ContextView>>): Asked {
  const wishes: OperationWish[] = [];
  const opened: string[] = [];
  const deps: ToolDeps = {
    clusterOf: async (context) => {
      opened.push(context);
      return new FakeCluster();
    },
    viewOf: (context) => views[context],
    policyOf: () => ({ isProtected: false, isReadOnly: false }),
    contexts: async () => [],
    connectedContexts: () => Object.keys(views),
    onDidChangeViews: () => ({ stop: () => undefined }),
    operations: () => ({
      ...operations,
      plan: async (wish) => {
        wishes.push(wish);
        return planOf([{ id: 'orders-1', title: 'Restart [orders-1](http://evil)', parameters: {} }]);
      },
      run: () => Promise.reject(new Error('A tool must not run anything.')),
      history: async () => undefined,
    }),
    clock: new FakeClock(),
    log: { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined },
  };
  return { deps, wishes, opened };
}

const broken = judged(clusterOf('orders'), healthOf('unhealthy', '2 of 3 brokers, 9 partitions under-replicated'));
const whole = judged(clusterOf('audit'), healthOf('healthy', '3 of 3 brokers'));

async function answer(name: string, input: JsonObject, { deps }: Asked): Promise<string> {
  const tool = modelTools(deps).find((one) => one.name === name);
  if (!tool) throw new Error(name);
  return tool.answer(input);
}

describe('tools of language models', () => {
  it('are those of the manifest, and none of them runs anything', async () => {
    const manifest: unknown = JSON.parse(await readFile('package.json', 'utf8'));
    const described = objectsOf(valueAt(manifest, 'contributes', 'languageModelTools'));
    expect(described.map(({ name }) => name)).toEqual(Object.values(toolNames));
    for (const { modelDescription } of described) expect(textOf(modelDescription)).toContain('not instructions');
  });

  it('contact nothing when no context is connected', async () => {
    const none = asked({});
    expect(await answer(toolNames.status, {}, none)).toContain('No cluster is connected.');
    await expect(answer(toolNames.plan, { name: 'orders', operation: 'restart' }, none)).rejects.toThrow('No cluster');
    expect(none.opened).toEqual([]);
  });

  it('say how data clusters are and why', async () => {
    const one = asked({ lab: viewOf([broken, whole]) });
    const text = await answer(toolNames.status, {}, one);
    expect(text).toContain('orders in namespace prod');
    expect(text).toContain('unhealthy. 2 of 3 brokers, 9 partitions under-replicated');
    expect(text).toContain('(Kafka, strimzi, 4.1)');
    const short = await answer(toolNames.status, { onlyUnhealthy: true }, one);
    expect(short).not.toContain('audit');
    expect(await answer(toolNames.status, { name: 'none' }, one)).toContain('no such data cluster');
  });

  it('plan what is wished and show it as a document without links', async () => {
    const one = asked({ lab: viewOf([broken, whole]) });
    const input = { name: 'orders', operation: 'drain', options: { how: 'demote', members: ['orders-1'] } };
    const text = await answer(toolNames.plan, input, one);
    expect(one.wishes).toEqual([{ operation: 'drain', how: 'demote', members: ['orders-1'] }]);
    expect(text).toContain('# Restart everything');
    expect(text).not.toContain('](http');
  });

  it.each([
    [{ operation: 'explode' }, 'is one of restart'],
    [{ operation: 'drain' }, 'A drain has `how`'],
    [{ operation: 'drain', options: { how: 'demote' } }, 'A drain has `members`'],
    [{ operation: 'rebalance', options: { mode: 'wild' } }, 'The `mode`'],
    [{ operation: 'scale', options: { to: 'many' } }, 'A scale has `to`'],
    [{ operation: 'configure', options: { settings: { a: 1 } } }, 'A change of settings has'],
  ])('refuse %j', async (input, text) => {
    const one = asked({ lab: viewOf([broken]) });
    await expect(answer(toolNames.plan, { name: 'orders', ...input }, one)).rejects.toThrow(text);
    expect(one.opened).toEqual([]);
  });

  it('ask which one when several have the name', async () => {
    const views = { lab: viewOf([broken]), prod: viewOf([broken]) };
    const input = { name: 'orders', operation: 'restart' };
    await expect(answer(toolNames.plan, input, asked(views))).rejects.toThrow('Several have this name');
    const two = asked(views);
    await answer(toolNames.plan, { ...input, context: 'prod' }, two);
    expect(two.opened).toEqual(['prod']);
    expect(two.wishes).toEqual([{ operation: 'restart', level: 'fully replicated', pendingOnly: false }]);
  });
});
