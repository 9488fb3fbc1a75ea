import { describe, expect, it } from 'vitest';
import { LogBuffer, type LogLine } from '#core/live/logs/logBuffer.ts';
import { LogFollower } from '#core/live/logs/logFollower.ts';
import { LogMerger, readTimedLine, REORDER_MS } from '#core/live/logs/logMerger.ts';
import { ClusterProblem, type LogHandlers, type LogRequest } from '#core/live/ports.ts';
import { FakeClock, START } from '#test/support/fakeClock.ts';

const stamp = (seconds: number, decimals = '000000000'): string =>
  `${new Date(START + seconds * 1000).toISOString().slice(0, 19)}.${decimals}Z`;

const line = (text: string): LogLine => ({ at: 0, source: 'a', text });

describe('LogBuffer', () => {
  it('keeps the newest lines and counts the others', () => {
    const buffer = new LogBuffer({ lines: 3, characters: 1_000 });
    for (let index = 0; index < 5_000; index++) buffer.add([line(`line ${index}`)]);
    expect(buffer.lines().map(({ text }) => text)).toEqual(['line 4997', 'line 4998', 'line 4999']);
    expect([buffer.size, buffer.dropped]).toEqual([3, 4_997]);
  });

  it('is bounded by the length of the texts as well, and keeps one line whatever its length', () => {
    const buffer = new LogBuffer({ lines: 100, characters: 10 });
    buffer.add([line('12345'), line('67890'), line('x')]);
    expect(buffer.lines().map(({ text }) => text)).toEqual(['67890', 'x']);
    buffer.add([line('a'.repeat(50))]);
    expect(buffer.size).toBe(1);
  });
});

describe('readTimedLine', () => {
  it.each([
    ['2026-01-01T12:00:01.000000002Z hello  you', { at: START + 1000, nanoseconds: '000000002', text: 'hello  you' }],
    ['2026-01-01T12:00:01Z ', { at: START + 1000, nanoseconds: '000000000', text: '' }],
    ['2026-01-01T13:00:01.5+01:00 x', { at: START + 1500, nanoseconds: '500000000', text: 'x' }],
    ['no time', { at: undefined, text: 'no time' }],
  ])('reads %j', (text, told) => {
    expect(readTimedLine(text)).toMatchObject(told);
  });
});

describe('LogMerger', () => {
  it('puts lines of several members into the order of their times', () => {
    const clock = new FakeClock();
    const texts: string[] = [];
    const merger = new LogMerger(clock, (lines) => texts.push(...lines.map(({ source, text }) => `${source} ${text}`)));
    merger.add([`${stamp(2)} two`, `${stamp(3, '000000002')} three`].map(readTimedLine), 'a');
    merger.add([`${stamp(1)} one`, 'continued', `${stamp(3, '000000001')} before three`].map(readTimedLine), 'b');
    expect(texts).toEqual([]);
    clock.advance(REORDER_MS);
    expect(texts).toEqual(['b one', 'b continued', 'a two', 'b before three', 'a three']);
    expect(clock.waiting).toBe(0);
  });
});

/** A kubelet whose logs a test writes and breaks. */
class FakeLogs {
  readonly requests: LogRequest[] = [];
  readonly open = new Map<string, LogHandlers>();
  stopped = 0;

  logs(request: LogRequest, handlers: LogHandlers): { stop: () => void } {
    this.requests.push(request);
    this.open.set(request.pod, handlers);
    return { stop: () => void (this.stopped += 1) };
  }

  write(pod: string, ...lines: readonly string[]): void {
    this.open.get(pod)?.lines(lines);
  }

  end(pod: string, problem?: ClusterProblem): void {
    this.open.get(pod)?.ended(problem);
  }
}

function follow(...pods: readonly string[]) {
  const clock = new FakeClock();
  const logs = new FakeLogs();
  const texts: string[] = [];
  const emit = (lines: readonly LogLine[]): void =>
    void texts.push(...lines.map(({ source, text }) => `${source ?? '*'} ${text}`));
  const follower = new LogFollower({ cluster: logs, clock, namespace: 'prod', tailLines: 100, emit });
  const sources = (names: readonly string[]) => names.map((pod) => ({ pod, container: 'kafka' }));
  follower.follow(sources(pods));
  return { clock, logs, texts, follower, refollow: (...names: readonly string[]) => follower.follow(sources(names)) };
}

describe('LogFollower', () => {
  it('follows all members with times, from the same number of lines', () => {
    const { logs } = follow('a', 'b');
    expect(logs.requests).toEqual(
      ['a', 'b'].map((pod) => ({
        pod,
        container: 'kafka',
        namespace: 'prod',
        follow: true,
        timestamps: true,
        tailLines: 100,
      })),
    );
  });

  it('goes on where a log broke off, and shows nothing twice', () => {
    const { clock, logs, texts } = follow('a');
    logs.write('a', `${stamp(0)} one`, `${stamp(1)} two`, `${stamp(1)} two`);
    logs.end('a', new ClusterProblem('unreachable', 'reset'));
    clock.advance(1_000);
    expect(logs.requests.at(-1)).toMatchObject({ sinceSeconds: 60 });
    expect(logs.requests.at(-1)).not.toHaveProperty('tailLines');
    logs.write('a', `${stamp(0)} one`, `${stamp(1)} two`, `${stamp(1)} two`, `${stamp(1)} two`, `${stamp(2)} three`);
    clock.advance(REORDER_MS);
    expect(texts).toEqual(['a one', 'a two', 'a two', '* The log of a is interrupted: reset', 'a two', 'a three']);
  });

  it('says once that a pod is gone, waits longer and longer, and takes the new pod from its beginning', () => {
    const { clock, logs, texts } = follow('a');
    logs.write('a', `${stamp(50)} old`);
    for (let round = 0; round < 5; round++) {
      logs.end('a', new ClusterProblem('absent', 'pods "a" not found'));
      clock.advance(10_000);
    }
    expect(logs.requests).toHaveLength(6);
    expect(logs.requests.at(-1)).not.toHaveProperty('sinceSeconds');
    logs.write('a', `${stamp(10)} new`);
    clock.advance(REORDER_MS);
    expect(texts).toEqual(['a old', '* a is not there; its log goes on when it is back.', 'a new']);
  });

  it('gives up where trying again cannot help', () => {
    const { clock, logs, texts } = follow('a');
    logs.end('a', new ClusterProblem('forbidden', 'pods "a" is forbidden'));
    clock.advance(60_000);
    expect(logs.requests).toHaveLength(1);
    expect(texts).toEqual(['* The log of a is interrupted: pods "a" is forbidden']);
  });

  it('takes new members from their beginning, and lets go of those that are gone', () => {
    const { clock, logs, texts, refollow } = follow('a', 'b');
    logs.end('a', new ClusterProblem('absent', 'gone'));
    refollow('b', 'c');
    expect(logs.requests.at(-1)).toEqual({
      pod: 'c',
      container: 'kafka',
      namespace: 'prod',
      follow: true,
      timestamps: true,
    });
    clock.advance(60_000);
    expect(logs.requests).toHaveLength(3);
    expect(texts.at(-1)).toBe('* a/kafka is gone.');
  });

  it('stops everything', () => {
    const { clock, logs, follower } = follow('a', 'b');
    logs.end('b');
    follower.stop();
    expect(logs.stopped).toBeGreaterThanOrEqual(2);
    expect(clock.waiting).toBe(0);
  });
});
