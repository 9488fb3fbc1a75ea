import { describe, expect, test } from 'vitest';
import { ClusterProblem } from '#core/live/ports.ts';
import { readRows, readSupported } from '#client/cluster/cql/answers.ts';
import { connectCql } from '#client/cluster/cql/connect.ts';
import { FrameReader, MOST_BYTES } from '#client/cluster/cql/frames.ts';
import { makeRandom } from '#test/support/random.ts';
import { forwardsTo } from '../../support/fakeBroker.ts';
import { answerFrame, int, rowsBody, short, startFakeCql, SUPPORTED, text } from '../../support/fakeCql.ts';

const EDITS = 4000;

const table = {
  columns: [
    ['host_id', short(0x0c)],
    ['tokens', Buffer.concat([short(0x22), short(0x0d)])],
    ['dates', Buffer.concat([short(0x21), short(0x0d), short(0x0b)])],
    ['files', short(0x09)],
  ],
  rows: [
    [Buffer.alloc(16, 7), Buffer.concat([int(1), int(2), Buffer.from('42')]), int(0), int(3)],
    [null, null, null, null],
  ],
} as const;

/** Whatever comes is frames, or a problem; nothing else is ever thrown. */
function digest(bytes: Buffer): 'frames' | 'problem' {
  try {
    for (const frame of new FrameReader().push(bytes)) {
      if (frame.opcode === 0x06) readSupported(frame);
      else readRows(frame);
    }
    return 'frames';
  } catch (error) {
    expect(error).toBeInstanceOf(ClusterProblem);
    return 'problem';
  }
}

describe('bytes of a server', () => {
  test(`${EDITS} answers with bytes that were changed, cut and put in`, () => {
    const random = makeRandom(11);
    const whole = [answerFrame(0x06, SUPPORTED), answerFrame(0x08, rowsBody(table))];
    expect(whole.map(digest)).toEqual(['frames', 'frames']);
    const found = { frames: 0, problem: 0 };
    for (let times = 0; times < EDITS; times += 1) {
      const bytes = Buffer.from(whole[random.below(whole.length)] ?? []);
      for (let edits = random.below(4); edits >= 0; edits -= 1)
        bytes.writeUInt8(random.below(256), random.below(bytes.length));
      const from = random.below(4) === 0 ? random.below(bytes.length) : bytes.length;
      found[digest(bytes.subarray(0, from))] += 1;
    }
    expect(found.frames).toBeGreaterThan(EDITS / 20);
    expect(found.problem).toBeGreaterThan(EDITS / 4);
  });

  test('come in any pieces', () => {
    const bytes = Buffer.concat([
      answerFrame(0x06, SUPPORTED),
      answerFrame(0x02, Buffer.alloc(0)),
      answerFrame(0x06, SUPPORTED),
    ]);
    for (const size of [1, 2, 7, 9, 10, 64]) {
      const reader = new FrameReader();
      const frames = [];
      for (let at = 0; at < bytes.length; at += size) frames.push(...reader.push(bytes.subarray(at, at + size)));
      expect(frames.map(({ opcode, body }) => [opcode, body.length])).toEqual([
        [0x06, SUPPORTED.length],
        [0x02, 0],
        [0x06, SUPPORTED.length],
      ]);
      expect(reader.isEmpty).toBe(true);
    }
  });

  test('that announce more than is read are refused by their header', () => {
    const header = Buffer.concat([answerFrame(0x06, Buffer.alloc(0)).subarray(0, 5), int(MOST_BYTES + 1)]);
    expect(() => new FrameReader().push(header)).toThrow(/announces 4194305 bytes/);
  });

  test.each([
    ['rows without columns', Buffer.concat([int(2), int(0), int(0), int(2_000_000_000)])],
    [
      'more rows than any table has',
      Buffer.concat([int(2), int(1), int(1), text('k'), text('t'), text('c'), short(9), int(1_000_000)]),
    ],
    ['columns that are not told', Buffer.concat([int(2), int(4), int(1), int(1)])],
    [
      'fewer rows than none',
      Buffer.concat([int(2), int(1), int(1), text('k'), text('t'), text('c'), short(9), int(-1)]),
    ],
  ])('%s', (_, body) => {
    expect(() => readRows({ version: 4, flags: 0, stream: 1, opcode: 0x08, body })).toThrow(/cannot be understood/);
  });
});

describe('a server that answers anything', () => {
  const connect = async (bytes: Buffer, answerMs: number): Promise<unknown> => {
    const limits = { connectMs: 8000, answerMs };
    const server = await startFakeCql({ instead: () => bytes });
    const forwards = forwardsTo({ 'catalog-0': server.port });
    const answer = await connectCql(
      { namespace: 'shop', pod: 'catalog-0', port: 9042 },
      forwards.open,
      undefined,
      limits,
    ).catch((error: unknown) => error);
    expect(forwards.openCount()).toBe(0);
    await server.close();
    return answer;
  };

  test.each([
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /does not speak CQL/],
    [
      'an answer to another question',
      answerFrame(0x06, SUPPORTED, { stream: Buffer.from([0, 9]) }),
      /another question/,
    ],
    ['an answer of another kind', answerFrame(0x02, Buffer.alloc(0)), /of the kind 2 came/],
    [
      'two answers',
      Buffer.concat([answerFrame(0x06, SUPPORTED.subarray(0, 4)), answerFrame(0x06, SUPPORTED)]),
      /cannot be understood/,
    ],
    ['a compressed answer', answerFrame(0x06, SUPPORTED, { flags: 1 }), /compressed/],
    ['half an answer', answerFrame(0x06, SUPPORTED).subarray(0, 20), /no answer came/],
    [
      'an error',
      answerFrame(0x00, Buffer.concat([int(0x1001), text('too\u001b[31m many\u0007 requests')])),
      /error: too many requests/,
    ],
  ])('%s', async (_, bytes, message) => {
    // Only the answer that is cut makes it wait to the end.
    const problem = await connect(bytes, message.source.startsWith('no answer') ? 300 : 8000);
    expect(problem).toBeInstanceOf(ClusterProblem);
    expect(problem).toMatchObject({ message: expect.stringMatching(message) as unknown });
  });
});
