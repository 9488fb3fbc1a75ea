import { describe, expect, test } from 'vitest';
import { parseNetstats } from '#core/systems/cassandra/nodetool/netstats.ts';
import { nodetoolText, nodetoolVersions } from '#test/core/systems/cassandra/nodetoolFixtures.ts';

const planId = '1b583a1a-7125-4b54-89f4-8fe1ed1b6e88';

describe('netstats', () => {
  test.each(nodetoolVersions)('of %s at rest and after a drain', (version) => {
    expect(parseNetstats(nodetoolText(version, 'netstats'))).toEqual({ mode: 'NORMAL', streams: [] });
    expect(parseNetstats(nodetoolText(version, 'netstats-drained'))).toEqual({ mode: 'DRAINED', streams: [] });
  });

  test.each(nodetoolVersions)('of %s while data moves', (version) => {
    const { mode, streams } = parseNetstats(nodetoolText(version, 'netstats-streaming'));
    expect(mode).toBe('JOINING');
    expect(streams.map(({ operation }) => operation)).toEqual(['Bootstrap', 'Rebuild']);
    expect(streams[0]?.sessions).toEqual([
      {
        peer: '10.1.0.11',
        receiving: { files: 12, bytes: 1_048_576, doneFiles: 3, doneBytes: 262_144 },
        sending: undefined,
      },
      { peer: '10.1.0.12', receiving: undefined, sending: undefined },
    ]);
    expect(streams[1]?.sessions[0]?.sending).toEqual({ files: 1, bytes: 2_097_152, doneFiles: 0, doneBytes: 0 });
  });

  test('of a plan that is left empty, and of one whose peer is written in another way', () => {
    const text = [
      'Mode: NORMAL',
      `Bootstrap ${planId}`,
      `Rebuild ${planId}`,
      '      from a node',
      'Read Repair Statistics:',
    ];
    expect(parseNetstats(text.join('\n')).streams.map(({ sessions }) => sessions.length)).toEqual([0, 1]);
  });

  test('with sizes for people and percentages that are none', () => {
    const text = [
      'Mode: NORMAL',
      `Repair ${planId}`,
      '    /10.1.0.12:7000',
      '        Receiving 1 file, 1.5 MiB total. Already received 0 files (NaN%), 0 bytes total (NaN%)',
    ].join('\n');
    const progress = { files: 1, bytes: 1_572_864, doneFiles: 0, doneBytes: 0 };
    expect(parseNetstats(text).streams[0]?.sessions[0]).toMatchObject({ peer: '10.1.0.12', receiving: progress });
  });
});
