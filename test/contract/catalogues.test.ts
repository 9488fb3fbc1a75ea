import { describe, expect, test } from 'vitest';
import { completeTable } from '#core/systems/completeTable.ts';
import type { KnowledgeEntry, KnowledgeTable } from '#core/systems/contract.ts';
import { systems } from '#core/systems/registry.ts';
import { stateIn } from '#core/systems/settingVersions.ts';
import { bundledCatalog } from '#test/support/catalog.ts';

const { settings: catalogues } = await bundledCatalog();

/** Tables that a catalogue completes, each part of a catalogue once. */
const tables = new Map(
  systems
    .flatMap(({ knowledge }) => [...knowledge.files, ...knowledge.freeForm])
    .flatMap(({ table }) => (table.catalogue ? [[JSON.stringify(table.catalogue), table] as const] : [])),
);

/** Facts that our own tables and the jars of the newest releases must tell alike, where both tell them. */
const FACTS = ['type', 'since', 'replacedBy'] as const;

/** Partitions became guardrails after they had been renamed once; the older name of both is one. */
const RENAMED_TWICE = ['compaction_large_partition_warning_threshold_mb'];

function contradictions(table: KnowledgeTable): readonly string[] {
  const complete = completeTable(table, catalogues);
  return [...table.entries].flatMap(([name, own]) => {
    const entry = complete.entries.get(name);
    if (!entry?.facts || RENAMED_TWICE.includes(name)) return [];
    return FACTS.filter((fact) => own[fact] !== undefined && own[fact] !== entry[fact]).map(
      (fact) => `${name}: ${fact} is ${String(own[fact])}, and the jars say ${String(entry[fact])}`,
    );
  });
}

describe('the catalogues', () => {
  test.each([
    ['kafka', 'broker', 380],
    ['kafka', 'topic', 35],
    ['kafka', 'producer', 100],
    ['kafka', 'consumer', 100],
    ['kafka', 'connect', 130],
    ['cassandra', 'node', 500],
    ['spark', 'spark', 1300],
  ])('%s %s has at least %i settings', (system, table, least) => {
    expect(catalogues.table(system, table).size).toBeGreaterThanOrEqual(least);
  });

  test.each([...tables])('%s: our own words contradict no jar', (_link, table) => {
    expect(contradictions(table)).toEqual([]);
  });
});

describe('a setting in a version', () => {
  const entryOf = (link: string, name: string): KnowledgeEntry | undefined => {
    const table = tables.get(link);
    return table && completeTable(table, catalogues).entries.get(name);
  };
  const kafka = '{"system":"kafka","table":"broker"}';
  const cassandra = '{"system":"cassandra","table":"node"}';

  test.each([
    [kafka, 'zookeeper.connect', '3.9', 'current'],
    [kafka, 'zookeeper.connect', '4.0', 'gone'],
    [kafka, 'group.share.heartbeat.interval.ms', '3.7', 'notYet'],
    [cassandra, 'read_request_timeout_in_ms', '4.0', 'current'],
    [cassandra, 'read_request_timeout_in_ms', '4.1', 'renamed'],
    [cassandra, 'start_rpc', '4.0', 'gone'],
    [cassandra, 'read_request_timeout', '4.0', 'notYet'],
    [cassandra, 'read_request_timeout', undefined, 'current'],
  ])('%s %s in %s is %s', (link, name, version, state) => {
    const entry = entryOf(link, name);
    expect(entry && stateIn(entry, version)).toBe(state);
  });
});
