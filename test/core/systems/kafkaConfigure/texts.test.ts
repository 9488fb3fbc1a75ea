import { describe, expect, test } from 'vitest';
import { editSettings, isSameValue, parseSettings } from '#core/systems/kafka/operations/configure/settingTexts.ts';
import { stagesTo } from '#core/systems/kafka/operations/configure/threadPools.ts';
import { delicacyOf } from '#core/systems/kafka/operations/configure/delicateSettings.ts';

const FILE = `# Brokers of the shop
num.partitions=3
log.retention.hours: 168
  default.replication.factor   2

listeners=PLAINTEXT://:9092,\\
          CONTROLLER://:9093
num.partitions=6
`;

describe('a text of settings', () => {
  test('is read whatever the sign between name and value, with comments and lines that go on; the last of a name counts', () => {
    expect([...parseSettings(`${FILE}! old=1\n`)]).toEqual([
      ['num.partitions', '6'],
      ['log.retention.hours', '168'],
      ['default.replication.factor', '2'],
      ['listeners', 'PLAINTEXT://:9092,CONTROLLER://:9093'],
    ]);
  });
});

describe('two values of a setting are the same or not', () => {
  test.each([
    ['8', '08', true],
    ['8', '8.0', true],
    ['TRUE', 'true', true],
    ['a,b', ' a , b ', true],
    ['a,b', 'b,a', false],
    ['9007199254740993', '9007199254740992', false],
    ['', undefined, false],
    [undefined, undefined, true],
  ])('%s and %s', (a, b, isSame) => {
    expect(isSameValue(a, b)).toBe(isSame);
  });
});

describe('a text of settings that is changed', () => {
  test('keeps everything else to the letter', () => {
    const edited = editSettings(FILE, {
      'log.retention.hours': '24',
      'num.partitions': '12',
      'min.insync.replicas': '2',
    });
    expect(edited).toBe(`# Brokers of the shop
log.retention.hours=24
  default.replication.factor   2

listeners=PLAINTEXT://:9092,\\
          CONTROLLER://:9093
num.partitions=12
min.insync.replicas=2
`);
  });

  test('loses every line of what is taken away, also those that go on', () => {
    const edited = editSettings(FILE, { listeners: null, 'num.partitions': null, unknown: null });
    expect(edited).toBe('# Brokers of the shop\nlog.retention.hours: 168\n  default.replication.factor   2\n\n');
  });

  test('keeps its line ends, and has an end only if it had one', () => {
    expect(editSettings('a=1\r\nb=2', { a: '3', c: '4' })).toBe('a=3\r\nb=2\r\nc=4');
    expect(editSettings('', { a: '1' })).toBe('a=1\n');
  });

  test('reads back what was written into it, whatever it is', () => {
    for (const value of ['a\\b', ' x', '#1', 'a=b:c', '']) {
      const edited = editSettings('z=1\n', { a: value });
      expect([...parseSettings(edited)]).toEqual([
        ['z', '1'],
        ['a', value],
      ]);
    }
  });
});

describe('a pool of threads', () => {
  test.each([
    [[8], 16, [16]],
    [[8], 40, [16, 32, 40]],
    [[8], 1, [4, 2, 1]],
    [[3], 1, [1]],
    [[8], 8, [8]],
    [[8, 4], 32, [8, 16, 32]],
    [[8, 4], 1, [4, 2, 1]],
    [[16, 2], 8, undefined],
    [[8], 0, undefined],
    [[Number.NaN], 8, undefined],
    [[], 8, undefined],
  ])('of %j goes to %i by %j', (present, wanted, stages) => {
    expect(stagesTo(present, wanted)).toEqual(stages);
  });
});

describe('settings that are not like others', () => {
  test.each([
    ['ssl.keystore.password', 'refused'],
    ['listener.name.client.scram-sha-512.sasl.jaas.config', 'refused'],
    ['sasl.oauthbearer.jwks.endpoint.url', 'consent'],
    ['delegation.token.secret.key', 'refused'],
    ['org.example.api.key', 'refused'],
    ['delegation.token.max.lifetime.ms', undefined],
    ['node.id', 'refused'],
    ['log.dirs', 'refused'],
    ['controller.quorum.voters', 'refused'],
    ['advertised.listeners', 'consent'],
    ['unclean.leader.election.enable', 'consent'],
    ['log.retention.ms', undefined],
    ['controller.quorum.fetch.timeout.ms', undefined],
  ])('%s', (name, verdict) => {
    expect(delicacyOf(name)?.verdict).toBe(verdict);
  });
});
