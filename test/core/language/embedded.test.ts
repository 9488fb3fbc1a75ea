import { describe, expect, test } from 'vitest';
import { offerCompletions } from '#core/language/completion/completion.ts';
import { describeAt } from '#core/language/hover/hover.ts';
import { bundledCatalog, bundledDescriptions } from '#test/support/catalog.ts';
import { makeView, splitAtMark } from '#test/support/view.ts';

const catalog = await bundledCatalog();

function offered(marked: string): readonly string[] {
  const { text, offset } = splitAtMark(marked, '^');
  return offerCompletions(text, offset, { catalog })?.entries.map(({ label }) => label) ?? [];
}

function taken(marked: string, label: string): string {
  const { text, offset } = splitAtMark(marked, '^');
  const offer = offerCompletions(text, offset, { catalog });
  const entry = offer?.entries.find((candidate) => candidate.label === label);
  if (!offer || !entry) throw new Error(`${label} is not offered`);
  return text.slice(0, offer.replace.start) + entry.text + text.slice(offer.replace.end);
}

async function hover(marked: string) {
  const { text, offset } = splitAtMark(marked, '^');
  const found = describeAt(await makeView(text), offset, await bundledDescriptions());
  return found && { markdown: found.markdown, word: text.slice(found.range.start, found.range.end) };
}

const file = (name: string, ...lines: readonly string[]): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  ${name}: |\n${lines.map((line) => `    ${line}\n`).join('')}`;

const broker = (...lines: readonly string[]): string => file('server.properties', ...lines);
const node = (...lines: readonly string[]): string => file('cassandra.yaml', ...lines);

describe('completion inside a file of a ConfigMap', () => {
  test.each([
    ['a name', broker('num.partitions=3', 'min.ins^'), 'min.insync.replicas', 'num.partitions'],
    ['a name on an empty line at the end', broker('num.partitions=3', '^'), 'log.dirs', 'num.partitions'],
    ['a name between others', broker('a=1', '^', 'log.dirs=/data'), 'num.partitions', 'log.dirs'],
    ['a value', broker('log.cleanup.policy=^'), 'compact', 'log.dirs'],
    ['a switch', broker('auto.create.topics.enable=f^'), 'false', 'log.dirs'],
    ['a setting of Cassandra', node('num_tokens: 16', 'concurrent_^'), 'concurrent_reads', 'num_tokens'],
    ['a word of Cassandra', node('commitlog_sync: ^'), 'periodic', 'num_tokens'],
    ['a setting of Spark', file('spark-defaults.conf', 'spark.sql.sh^'), 'spark.sql.shuffle.partitions', 'num_tokens'],
  ])('offers %s', (_title, marked, expected, other) => {
    const labels = offered(marked);
    expect(labels).toContain(expected);
    expect(labels).not.toContain(other);
  });

  test('writes as the file is written', () => {
    expect(taken(broker('min.ins^'), 'min.insync.replicas')).toBe(broker('min.insync.replicas=1'));
    expect(taken(broker('min.ins^=2'), 'min.insync.replicas')).toBe(broker('min.insync.replicas=2'));
    expect(taken(node('concurrent_r^'), 'concurrent_reads')).toBe(node('concurrent_reads: 32'));
  });

  test('says nothing in files nobody knows, and leaves the manifest around to others', () => {
    expect(offered(file('application.properties', 'min.ins^'))).toEqual([]);
    expect(offered(`${broker('a=1')}  ^`)).not.toContain('min.insync.replicas');
    expect(offered(`${broker('a=1')}^`)).toContain('immutable');
  });
});

describe('completion of values in free-form maps', () => {
  const kafka =
    'apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata:\n  name: a\nspec:\n  kafka:\n    version: 4.1.0\n    config:\n';

  test('offers the words of a setting', () => {
    expect(offered(`${kafka}      log.cleanup.policy: ^\n`)).toEqual(expect.arrayContaining(['compact', 'delete']));
  });

  test('strikes through what the version does not know', () => {
    const { text, offset } = splitAtMark(`${kafka}      ^\n`, '^');
    const entries = offerCompletions(text, offset, { catalog })?.entries ?? [];
    const isDeprecated = (name: string) => entries.find(({ label }) => label === name)?.deprecated === true;
    expect(isDeprecated('log.message.format.version')).toBe(true);
    expect(isDeprecated('min.insync.replicas')).toBe(false);
  });
});

describe('hover', () => {
  test('inside a file tells of the setting under the cursor alone', async () => {
    const found = await hover(broker('# three brokers', 'min.ins^ync.replicas=2', 'log.dirs=/data'));
    expect(found?.word).toBe('min.insync.replicas');
    expect(found?.markdown).toContain('- At least 1');
    expect((await hover(broker('min.insync.replicas=^2')))?.markdown).toContain('**min.insync.replicas**');
    expect((await hover(node('a: 1', 'commitlog_sync: peri^odic')))?.markdown).toContain('**commitlog_sync**');
  });

  test('says what a version makes of a setting', async () => {
    const datacenter = (version: string, name: string): string =>
      `apiVersion: cassandra.datastax.com/v1beta1\nkind: CassandraDatacenter\nmetadata:\n  name: a\nspec:\n  serverType: cassandra\n  serverVersion: ${version}\n  config:\n    cassandra-yaml:\n      ${name}: 1\n`;
    expect((await hover(datacenter('4.1.0', 'read_request^_timeout_in_ms')))?.markdown).toContain('**Outdated.**');
    expect((await hover(datacenter('4.0.0', 'read_request^_timeout')))?.markdown).toContain('**Not yet there.**');
    expect((await hover(datacenter('4.0.0', 'start_^rpc')))?.markdown).toContain('**Gone.**');
  });
});
