import { afterEach, expect, test, vi } from 'vitest';
import type { ActionDeps } from '#client/actions/deps.ts';
import { logCommands } from '#client/actions/logs/logCommands.ts';
import { Logs } from '#client/actions/logs/logs.ts';
import { commandIds } from '#client/contributions.ts';
import type { JudgedCluster } from '#core/live/view.ts';
import { FakeClock } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';
import { gatherFailedDriver } from '#test/support/failedDriver.ts';
import { makeState } from '#test/support/jobObjects.ts';
import { viewOf } from '#test/support/liveViews.ts';
import { driver } from '#test/support/sparkObjects.ts';

const terminals = vi.hoisted(() => [] as string[]);

vi.mock('vscode', () => ({
  EventEmitter: class {
    readonly event = (): void => undefined;
    fire(): void {
      // Nobody looks at the terminal.
    }
    dispose(): void {
      // Nothing is held.
    }
  },
  ThemeIcon: class {
    readonly id = 'output';
  },
  window: {
    createTerminal: ({ name }: { readonly name: string }) => {
      terminals.push(name);
      return { show: () => undefined, dispose: () => undefined };
    },
  },
}));

afterEach(() => void (terminals.length = 0));

const log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn() };
const failed = gatherFailedDriver();
const { key } = failed.cluster;

/** The same application with this member in the driver's place. */
function withDriver(pod: ReturnType<typeof driver> | undefined): JudgedCluster {
  const members = failed.members.map(({ member, health }) => ({ member: { ...member, pod }, health }));
  return { ...failed, cluster: { ...failed.cluster, members: members.map(({ member }) => member) }, members };
}

function setUp(judged: JudgedCluster) {
  const cluster = new FakeCluster();
  const asked: string[] = [];
  cluster.onLogs = ({ pod, container, follow, previous }, handlers) => {
    asked.push(`${pod} ${container} follow=${follow} previous=${previous === true}`);
    handlers.lines(['2026-01-01T12:00:00Z boom']);
    if (!follow) handlers.ended(undefined);
  };
  const shown: string[] = [];
  const show = async (name: string, text: string): Promise<void> => void shown.push(name, text);
  const deps = {
    clusterOf: async () => cluster,
    viewOf: () => viewOf([judged]),
    onDidChangeViews: () => ({ stop: () => undefined }),
    clock: new FakeClock(),
    log,
  };
  // Only these parts are used by what is tested here.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const logs = new Logs(deps as unknown as ActionDeps, { show } as unknown as ConstructorParameters<typeof Logs>[1]);
  const command = logCommands(logs).find(({ id }) => id === commandIds.driverLog);
  const run = async (argument: unknown): Promise<unknown> => command?.run(argument);
  return { run, asked, shown };
}

const row = { target: { kind: 'dataCluster', context: 'test', key } };

test('the log of a driver that has ended is a document', async () => {
  const { run, asked, shown } = setUp(failed);
  await run(row);
  expect(asked).toEqual(['daily-report-driver spark-kubernetes-driver follow=false previous=false']);
  expect(shown).toEqual(['daily-report-driver.log', '2026-01-01 12:00:00.000Z daily-report-driver boom\n']);
  expect(terminals).toEqual([]);
});

test('the log of a driver that runs is followed', async () => {
  const { run, asked, shown } = setUp(withDriver(driver({ states: [makeState('spark-kubernetes-driver')] })));
  await run(row);
  await vi.waitFor(() =>
    expect(asked).toEqual(['daily-report-driver spark-kubernetes-driver follow=true previous=false']),
  );
  expect([terminals, shown]).toEqual([['Log of daily-report-driver'], []]);
});

test('a driver that is gone is told, with what to do, and nothing is asked', async () => {
  const { run, asked } = setUp(withDriver(undefined));
  await expect(run(row)).rejects.toThrow('daily-report-driver has no pod now, and a log goes with its pod.');
  await expect(run({ target: { kind: 'context', context: 'test' } })).rejects.toThrow('This row is no job.');
  expect(asked).toEqual([]);
});
