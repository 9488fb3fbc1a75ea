import { describe, expect, it } from 'vitest';
import { logFile, logFileName } from '#client/actions/logs/logFile.ts';
import { LogSession } from '#client/actions/logs/logSession.ts';
import { FakeClock, START } from '#test/support/fakeClock.ts';
import { FakeCluster } from '#test/support/fakeCluster.ts';

describe('LogSession', () => {
  it('keeps what it showed, within its limits, until after it was stopped', async () => {
    const cluster = new FakeCluster();
    const clock = new FakeClock();
    cluster.onLogs = ({ pod }, { lines }) =>
      lines(['1', '2', '3'].map((text) => `2026-01-01T12:00:0${text}Z ${pod} ${text}`));
    const session = new LogSession({
      cluster,
      clock,
      namespace: 'prod',
      name: 'orders',
      limits: { lines: 4, characters: 1_000 },
    });
    const shown: string[] = [];
    session.onLines((lines) => shown.push(...lines.map(({ text }) => text)));
    session.follow(['a', 'b'].map((pod) => ({ pod, container: 'kafka' })));
    await clock.pass(1_000);
    expect(shown).toEqual(['a 1', 'b 1', 'a 2', 'b 2', 'a 3', 'b 3']);
    session.stop();
    expect(session.lines.map(({ text }) => text)).toEqual(['a 2', 'b 2', 'a 3', 'b 3']);
    expect(logFile(session.lines.slice(0, 1), session.dropped)).toBe(
      '# 2 older lines are no longer kept.\n2026-01-01 12:00:02.000Z a a 2\n',
    );
    expect(clock.waiting).toBe(0);
  });
});

describe('a saved log', () => {
  it('has times to the millisecond and a name that every file system takes', () => {
    expect(logFile([{ at: START + 42, source: 'a', text: 'x' }], 0)).toBe('2026-01-01 12:00:00.042Z a x\n');
    expect(logFileName('../orders 0:kafka')).toBe('..-orders-0-kafka.log');
  });
});
